package dev.modelflow.read;

import java.time.Instant;

/**
 * A checkpoint as a stage committed it.
 *
 * @param run the run whose stage wrote it
 * @param position of the stage in its run
 * @param step optimizer steps of the stage so far
 * @param tokens that the stage has seen so far
 * @param last whether it is the stage's result
 * @param totalSize in bytes
 */
public record CheckpointView(
    String run,
    String stage,
    int position,
    long step,
    long tokens,
    String artifact,
    boolean last,
    long totalSize,
    Instant createdAt) {}
