package dev.modelflow.release;

/**
 * What the recipe says about a release; see {@code docs/recipe.md}.
 *
 * @param title the model's name
 * @param licence of the weights
 */
record ReleaseParameters(String title, String licence) {}
