package dev.modelflow.engine.dense;

/**
 * What a loss's slopes are whatever the log-probabilities: the way back begins while the logits are
 * computed.
 *
 * @param onTarget d loss / d logProb of every target
 * @param zWeight of the squared log-denominators in the loss
 */
public record KnownSlopes(float onTarget, double zWeight) {}
