package dev.modelflow.read;

import dev.modelflow.domain.StageStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stage of a run. Numbers of a reused stage are those of the stage that did the work.
 *
 * @param name in the recipe
 * @param kind what it does, e.g. {@code pretrain}
 * @param position in the recipe's topological order, from 0
 * @param pool the task queue of the workers that may run it
 * @param after names of the stages that it reads from
 * @param reusedFrom where the work was done, when not in this run
 * @param startCheckpoint the checkpoint that a branched stage continues from
 * @param step the last step that was reported
 * @param totalSteps null for stages that do not work in steps
 * @param tokensPerSecond as last reported
 * @param loss the latest value of the metric {@code loss}
 * @param epoch of its newest attempt; 0 before the first
 */
public record StageView(
    String name,
    String kind,
    int position,
    String pool,
    StageStatus status,
    List<String> after,
    JsonNode parameters,
    @Nullable String fingerprint,
    @Nullable StageRef reusedFrom,
    @Nullable String startCheckpoint,
    @Nullable String codeVersion,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String failureClass,
    @Nullable String failureMessage,
    @Nullable Long step,
    @Nullable Long totalSteps,
    @Nullable Double tokensPerSecond,
    @Nullable Double loss,
    int epoch) {}
