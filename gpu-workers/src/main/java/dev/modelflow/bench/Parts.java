package dev.modelflow.bench;

/**
 * Parts of a step that can be measured alone, each a median.
 *
 * @param dataMilliseconds reading and packing the rows of a step
 * @param forwardMilliseconds a forward pass over them that keeps nothing for a backward pass
 * @param optimizerMilliseconds the gradient's norm, and AdamW
 */
public record Parts(
    double dataMilliseconds, double forwardMilliseconds, double optimizerMilliseconds) {}
