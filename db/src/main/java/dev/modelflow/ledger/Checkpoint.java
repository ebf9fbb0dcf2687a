package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;

/**
 * A committed checkpoint of a stage.
 *
 * @param step after which it was written
 * @param tokens seen until then
 * @param artifact its files
 */
public record Checkpoint(long step, long tokens, Digest artifact) {}
