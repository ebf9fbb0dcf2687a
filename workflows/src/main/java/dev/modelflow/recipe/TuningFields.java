package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.share;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.ArrayList;
import java.util.List;

/** The keys of the stages after pretraining: sft, dpo, rlvr. */
final class TuningFields {
  private static final Field PROMPTS =
      required("prompts", DataFields.SYNTHETIC, "Stage whose questions are answered.");

  static final List<Field> SFT = sft();
  static final List<Field> DPO = dpo();
  static final List<Field> RLVR = rlvr();

  private TuningFields() {}

  private static List<Field> sft() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                required("conversations", DataFields.SYNTHETIC, "Stage whose conversations count."),
                required("steps", count(), "Optimizer steps."),
                value("rows", count(), 8L, "Packed sequences a step."),
                TrainingFields.rowLength(1),
                TrainingFields.Z_LOSS));
    fields.addAll(TrainingFields.optimiser("linear", 0, 0));
    return List.copyOf(fields);
  }

  private static List<Field> dpo() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                required(
                    "weak",
                    DataFields.CHECKPOINT,
                    "Early checkpoint that writes the rejected answers."),
                PROMPTS,
                required("pairs", count(), "Preference pairs."),
                derived(
                    "heldOutPairs",
                    whole(0, 1_000_000),
                    "a quarter of pairs, at most 100",
                    (model, stage) -> Math.min(100, whole(stage, "pairs") / 4),
                    "Further pairs that only measure the margin."),
                value("batchPairs", count(), 16L, "Pairs a step."),
                value("beta", positive(), 5.0, "Strength of the length-normalised preference."),
                required("steps", count(), "Optimizer steps."),
                value("maxNewTokens", count(), 32L, "Longest generated answer.")));
    fields.addAll(TrainingFields.optimiser("linear", 0, 0));
    return List.copyOf(fields);
  }

  private static List<Field> rlvr() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                PROMPTS,
                required("steps", count(), "Optimizer steps."),
                value("promptsPerStep", count(), 16L, "Groups with spread that a step needs."),
                value(
                    "samplingRounds",
                    count(),
                    3L,
                    "Times that fresh questions are asked to replace groups without spread."),
                value("groupSize", whole(2, 1024), 8L, "Answers to each question."),
                value(
                    "reward",
                    new FieldType.Choice(List.of("verifier", "random")),
                    "verifier",
                    "Who rewards: the verifier, or a coin as a control."),
                value("temperature", positive(), 1.0, "Of the rollouts."),
                value("clipLow", share(), 0.2, "Lower clip of the ratio."),
                value("clipHigh", positive(), 0.272, "Upper clip of the ratio."),
                value("importanceCap", positive(), 2.0, "Cap of the importance weight."),
                value("maxNewTokens", count(), 32L, "Longest generated answer.")));
    fields.addAll(TrainingFields.optimiser("constant", 0, 0));
    return List.copyOf(fields);
  }
}
