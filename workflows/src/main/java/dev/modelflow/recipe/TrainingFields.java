package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.notNegative;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.share;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys of the stages that train on token sets: pretrain, midtrain, long-context. */
final class TrainingFields {
  static final FieldType SCHEDULE = new FieldType.Choice(List.of("cosine", "linear", "constant"));
  static final Field FROM =
      required("from", DataFields.CHECKPOINT, "The checkpoint that training starts from.");
  static final Field DATA =
      required("data", DataFields.CURATED, "Stage whose tokenizer and token sets are used.");

  static final Field Z_LOSS =
      value("zLoss", notNegative(), 1e-5, "Weight of the squared log-partition term.");

  static final List<Field> PRETRAIN = pretrain();
  static final List<Field> MIDTRAIN = midtrain();
  static final List<Field> LONG_CONTEXT = longContext();

  private TrainingFields() {}

  private static List<Field> pretrain() {
    List<Field> fields = new ArrayList<>(List.of(DATA));
    fields.addAll(steps(rowLength(1)));
    fields.addAll(initialisation());
    fields.addAll(optimiser("cosine", 0.1, 0.1));
    return List.copyOf(fields);
  }

  private static List<Field> midtrain() {
    List<Field> fields = new ArrayList<>(List.of(FROM, DATA));
    fields.addAll(steps(rowLength(1)));
    fields.addAll(optimiser("linear", 0, 0.1));
    return List.copyOf(fields);
  }

  private static List<Field> longContext() {
    List<Field> fields = new ArrayList<>(List.of(FROM, DATA));
    fields.add(
        value(
            "contextFactor",
            whole(2, 64),
            4L,
            "How many times longer the context becomes, by YaRN on the layers that see all."));
    fields.addAll(
        steps(
            derived(
                "rowLength",
                count(),
                "the model's context times contextFactor",
                (model, stage) -> model.context() * RecipeFields.whole(stage, "contextFactor"),
                "Tokens a sequence.")));
    fields.addAll(optimiser("linear", 0, 0.1));
    return List.copyOf(fields);
  }

  static Field rowLength(int factor) {
    return derived(
        "rowLength",
        count(),
        "the model's context",
        (model, stage) -> (long) model.context() * factor,
        "Tokens a sequence; at most the context.");
  }

  private static List<Field> steps(Field rowLength) {
    return List.of(
        required("mix", new FieldType.Weights(), "Share of each of curate's sources."),
        optional(
            "firstMix",
            new FieldType.Weights(),
            "Another mix for the first steps: a small model needs repeats alone before it learns"
                + " to look back."),
        optional("firstSteps", count(), "Steps with firstMix, as part of steps."),
        required("steps", count(), "Optimizer steps."),
        value("rows", count(), 8L, "Sequences a step."),
        rowLength,
        Z_LOSS);
  }

  private static List<Field> initialisation() {
    return List.of(
        value("embeddingDeviation", positive(), 0.5, "Standard deviation of the embeddings."),
        value(
            "linearDeviation",
            positive(),
            0.02,
            "Standard deviation of every matrix, cut at three of it."),
        value(
            "outputNorm",
            positive(),
            0.3,
            "Start of the norms on the outputs of attention and MLP."));
  }

  /** Learning rate and what goes with it, in every stage that has an optimizer. */
  static List<Field> optimiser(String schedule, double finalShare, double weightDecay) {
    return List.of(
        required("learningRate", positive(), "Highest learning rate."),
        value("schedule", SCHEDULE, schedule, "Course of the learning rate after the warm-up."),
        finalLearningRate(finalShare),
        value("warmupSteps", whole(0, Integer.MAX_VALUE), 0L, "Steps of linear warm-up."),
        value("weightDecay", share(), weightDecay, "Decoupled; never on embeddings and norms."),
        value("beta1", share(), 0.9, "AdamW's memory of the gradient."),
        value("beta2", share(), 0.95, "AdamW's memory of the squared gradient."),
        value("gradientClip", notNegative(), 1.0, "Longest gradient, as a norm; 0: any."),
        value(
            "checkpointEvery",
            count(),
            200L,
            "Steps between checkpoints, each an artifact to branch from."),
        value("metricsEvery", count(), 10L, "Steps between points of the curves."));
  }

  private static Field finalLearningRate(double share) {
    return derived(
        "finalLearningRate",
        notNegative(),
        share == 0 ? "0" : "a tenth of learningRate",
        (model, stage) -> share * learningRate(stage),
        "Learning rate at the last step; without meaning where it is constant.");
  }

  private static double learningRate(Map<String, Object> stage) {
    return stage.get("learningRate") instanceof Double rate ? rate : 0;
  }
}
