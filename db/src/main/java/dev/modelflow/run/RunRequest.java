package dev.modelflow.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person or system asks to run. */
public sealed interface RunRequest {
  /** Dotted path → new value, e.g. {@code sft.learningRate}. */
  Map<String, @Nullable Object> overrides();

  /**
   * A recipe.
   *
   * @param source its YAML
   */
  record New(String source, Map<String, @Nullable Object> overrides) implements RunRequest {}

  /**
   * The rest of another run from one of its checkpoints on.
   *
   * @param parentRun the other run
   * @param stage whose checkpoint
   * @param step after which it was written; null for the stage's final one
   */
  record Branch(
      String parentRun, String stage, @Nullable Long step, Map<String, @Nullable Object> overrides)
      implements RunRequest {}

  /**
   * Another run again from a stage on, reusing all that does not come after it.
   *
   * @param parentRun the other run
   * @param stage the first that runs again
   */
  record Rerun(String parentRun, String stage, Map<String, @Nullable Object> overrides)
      implements RunRequest {}
}
