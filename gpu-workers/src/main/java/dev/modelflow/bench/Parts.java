package dev.modelflow.bench;

/**
 * Parts of a step that can be measured alone, each a median.
 *
 * @param dataMilliseconds reading and packing the rows of a step, of documents of a row each
 * @param mixedDataMilliseconds the same of short documents of several sources
 * @param forwardMilliseconds the first part of the pass that trains on them, up to the loss's
 *     slopes at their targets
 * @param optimizerMilliseconds the gradient's norm, and AdamW
 */
public record Parts(
    double dataMilliseconds,
    double mixedDataMilliseconds,
    double forwardMilliseconds,
    double optimizerMilliseconds) {}
