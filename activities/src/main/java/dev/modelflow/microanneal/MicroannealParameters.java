package dev.modelflow.microanneal;

import java.util.List;
import java.util.Map;

/**
 * What the recipe says about the ranking; see {@code docs/recipe.md}.
 *
 * @param rankBy tasks whose mean ranks
 * @param seeds anneals of each candidate
 * @param candidates mix of each candidate
 */
record MicroannealParameters(
    List<String> rankBy, int seeds, Map<String, Map<String, Double>> candidates) {}
