package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.List;

/** Keys that say what a step leaves out, and how it is divided. */
final class StepFields {
  /** Fewest earlier steps from which a deviation can be told. */
  static final int LEAST_WINDOW = 8;

  /** Fewest repetitions that OLMo-core's filter finds. */
  static final int LEAST_TIMES = 3;

  static final Field SKIP =
      optional(
          "skipStep",
          new FieldType.Group(
              List.of(
                  value(
                      "window",
                      whole(0, 100_000),
                      128L,
                      "Steps before that count, at least 8; 0: no step is skipped."),
                  value(
                      "deviations",
                      positive(),
                      6.0,
                      "Standard deviations above their mean that are too many."))),
          "Leaves weights and moments as they are after a step whose loss or gradient norm lies far"
              + " above those before; without it, none is skipped.");

  static final Field INSTANCE_FILTER =
      optional(
          "instanceFilter",
          new FieldType.Group(
              List.of(
                  value("shortest", count(), 1L, "Fewest tokens that are repeated."),
                  value("longest", count(), 13L, "Most tokens that are repeated."),
                  value(
                      "times",
                      whole(0, 1_000_000),
                      32L,
                      "Times that the same tokens stand in a row, at least 3; 0: nothing is"
                          + " filtered."))),
          "Leaves sequences out of the loss in which the same few tokens stand again and again;"
              + " without it, none is.");

  static final Field MICRO_BATCH =
      optional(
          "microBatchTokens",
          count(),
          "Most tokens that a core takes through the model at once, but at least a sequence;"
              + " without it, 1024, and 16384 on a GPU. A step's rows are shared evenly. A step's"
              + " gradient is the sum over its micro-batches.");

  static final Field PRECISION =
      optional(
          "precision",
          new FieldType.Choice(List.of("auto", "float32", "bf16")),
          "What linear layers multiply in, and attention where a processor has instructions for it;"
              + " without it, float32; auto: bf16 on a device whose matrix products are faster in it,"
              + " else float32. Weights, their gradients and moments, norms and losses are"
              + " float32 in either.");

  static final Field RECOMPUTE =
      optional(
          "activationCheckpointing",
          new FieldType.Flag(),
          "Whether the backward pass computes each block again from its input instead of keeping"
              + " what it computed, which spares memory and changes no result; without it, not.");

  private StepFields() {}
}
