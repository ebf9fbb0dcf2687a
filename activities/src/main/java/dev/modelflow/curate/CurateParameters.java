package dev.modelflow.curate;

import java.util.List;

/**
 * What the recipe says about a curation; see {@code docs/recipe.md}.
 *
 * @param vocabulary size of the tokenizer
 * @param sources the real text
 * @param quality whether poor documents are dropped
 * @param nearDuplicates least Jaccard similarity of near duplicates; 1: exact duplicates only
 * @param contamination least covered share of a question; see {@link Contamination}
 * @param heldOut share of the real documents kept for evaluation
 * @param tokenizerBytes on how much text the tokenizer is trained
 */
record CurateParameters(
    int vocabulary,
    List<SourcePin> sources,
    boolean quality,
    double nearDuplicates,
    double contamination,
    double heldOut,
    long tokenizerBytes) {}
