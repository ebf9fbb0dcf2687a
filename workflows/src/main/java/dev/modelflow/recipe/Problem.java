package dev.modelflow.recipe;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a recipe.
 *
 * @param file the recipe's name as the caller gave it, or {@code override}
 * @param line counted from 1; 0 when the value stands in no text
 * @param column counted from 1; 0 when the value stands in no text
 * @param path where in the recipe, e.g. {@code stages.pretrain.mix.glosses}; empty for the whole
 * @param message one sentence with the offending value and what was expected
 * @param nearest the valid word that is most like the offending one, if one is close
 */
public record Problem(
    String file, int line, int column, String path, String message, @Nullable String nearest) {
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line + ":" + column : file;
    String hint = nearest == null ? "" : "; did you mean '" + nearest + "'?";
    return place + ": " + (path.isEmpty() ? "" : path + ": ") + message + hint;
  }
}
