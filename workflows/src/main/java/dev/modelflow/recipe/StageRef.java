package dev.modelflow.recipe;

import org.jspecify.annotations.Nullable;

/**
 * {@code STAGE} or {@code STAGE@STEP}.
 *
 * @param stage the stage's name
 * @param step the checkpoint after that many steps; null means the stage's result
 */
public record StageRef(String stage, @Nullable Long step) {
  /** Reads the written form; a step that is no whole number is left in the stage's name. */
  public static StageRef parse(String text) {
    int at = text.lastIndexOf('@');
    if (at > 0 && text.substring(at + 1).matches("[0-9]{1,15}")) {
      return new StageRef(text.substring(0, at), Long.parseLong(text.substring(at + 1)));
    }
    return new StageRef(text, null);
  }

  /** The written form. */
  @Override
  public String toString() {
    return step == null ? stage : stage + "@" + step;
  }
}
