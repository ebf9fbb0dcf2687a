package dev.modelflow.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the text of a recipe into a plan. */
@FunctionalInterface
public interface FlowCompiler {
  /**
   * Parses, overrides, validates and plans a recipe.
   *
   * @param source the recipe's YAML
   * @param overrides dotted path → new value, e.g. {@code sft.learningRate → 1e-4}
   * @throws IllegalArgumentException when the recipe cannot run; the message lists every problem
   */
  FlowPlan compile(String source, Map<String, @Nullable Object> overrides);
}
