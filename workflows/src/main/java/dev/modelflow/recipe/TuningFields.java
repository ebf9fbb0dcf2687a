package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.notNegative;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.share;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import dev.modelflow.domain.TrainerName;
import java.util.ArrayList;
import java.util.List;

/** The keys of the stages after pretraining: sft, dpo, rlvr. */
final class TuningFields {
  static final List<Field> SFT = sft();
  static final List<Field> DPO = dpo();
  static final List<Field> RLVR = rlvr();

  private TuningFields() {}

  private static List<Field> sft() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                TrainingFields.trainer(TrainerName.OLMO_CORE),
                required(
                    "conversations", DataFields.SYNTHETIC, "Stage whose conversations count.")));
    fields.addAll(TrainingFields.rows());
    fields.addAll(TrainingFields.optimizer("linear"));
    return List.copyOf(fields);
  }

  private static List<Field> dpo() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                TrainingFields.trainer(TrainerName.OPEN_INSTRUCT),
                required(
                    "weak",
                    DataFields.CHECKPOINT,
                    "Early checkpoint that writes the rejected answers."),
                prompts(),
                required(
                    "pairs",
                    count(),
                    "Pairs to learn from; fewer, with a warning, if the weak checkpoint is too often"
                        + " right."),
                derived(
                    "heldOutPairs",
                    whole(0, Integer.MAX_VALUE),
                    "a quarter of pairs, at most 100",
                    (model, stage) -> Math.min(100, RecipeFields.whole(stage, "pairs") / 4),
                    "Further pairs that only measure the margin."),
                value("batchPairs", count(), 16L, "Pairs a step."),
                value("beta", positive(), 5.0, "Of the length-normalised loss."),
                value("maxNewTokens", count(), 32L, "Longest answer of the weak checkpoint.")));
    fields.addAll(TrainingFields.optimizer("linear"));
    return List.copyOf(fields);
  }

  private static List<Field> rlvr() {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                TrainingFields.FROM,
                TrainingFields.trainer(TrainerName.OPEN_INSTRUCT),
                prompts(),
                value("promptsPerStep", count(), 16L, "Groups with spread that a step wants."),
                value("groupSize", whole(2, 1024), 8L, "Answers to each prompt."),
                value(
                    "samplingRounds",
                    count(),
                    3L,
                    "Times that fresh prompts are asked to replace groups without spread."),
                value(
                    "reward",
                    new FieldType.Choice(List.of("verifier", "random")),
                    "verifier",
                    "Who rewards: the verifier, or a coin as the control."),
                value(
                    "temperature",
                    positive(),
                    1.0,
                    "Of the drawing and of the objective's log-probabilities."),
                value(
                    "clipLow",
                    share(),
                    0.2,
                    "Lower clip of the ratio; only with open-instruct, since the engine's one update on each batch of answers has ratio 1."),
                value(
                    "clipHigh",
                    positive(),
                    0.272,
                    "Upper clip of the ratio; only with open-instruct, as clipLow."),
                value(
                    "importanceCap",
                    notNegative(),
                    2.0,
                    "Largest weight for the distance of sampler and learner; 0: no such weight."),
                value("maxNewTokens", count(), 32L, "Longest answer.")));
    fields.addAll(TrainingFields.optimizer("constant"));
    return List.copyOf(fields);
  }

  private static Field prompts() {
    return required("prompts", DataFields.SYNTHETIC, "Stage whose questions are answered.");
  }
}
