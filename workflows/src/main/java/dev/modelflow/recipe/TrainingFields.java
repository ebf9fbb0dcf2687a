package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.notNegative;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import dev.modelflow.domain.TrainerName;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of import and of the stages that train on token sets: pretrain, midtrain, long-context.
 */
final class TrainingFields {
  static final Field FROM =
      required("from", DataFields.CHECKPOINT, "The checkpoint that training starts from.");

  static final List<Field> IMPORT =
      List.of(
          required(
              "folder",
              new FieldType.Text("/[^\\x00-\\x1f]{0,1000}", "an absolute path"),
              "Folder in Hugging Face's layout that every worker of the pool can read."),
          required(
              "files",
              new FieldType.Items(
                  new FieldType.Group(
                      List.of(
                          required(
                              "name",
                              new FieldType.Text(
                                  "(?![\\w.-]*\\.(?:bin|pt|pth|ckpt|pkl)$)[\\w.-]{1,200}",
                                  "a file's name, never that of a pickle (.bin, .pt, .pth, .ckpt,"
                                      + " .pkl)"),
                              "The file."),
                          required("sha256", DataFields.sha256(), "Its digest."))),
                  3),
              "Every file that is read, as `sha256sum` prints it: config.json, tokenizer.json and"
                  + " those of the weights; generation_config.json, where releases are to draw"
                  + " answers as it says; chat_template.jinja and tokenizer_config.json, where"
                  + " conversations are to be written as they say."),
          optional(
              "model",
              new FieldType.Text(
                  "[A-Za-z0-9][\\w.-]{0,95}/[\\w.-]{1,96}",
                  "a model's name on the hub, OWNER/NAME"),
              "What the model is called there, for audits and model cards."),
          optional(
              "licence", DataFields.licence(), "What its weights are licensed under, likewise."));

  static final List<Field> PRETRAIN = pretrain();
  static final List<Field> MIDTRAIN = midtrain();
  static final List<Field> LONG_CONTEXT = longContext();

  private TrainingFields() {}

  private static List<Field> pretrain() {
    List<Field> fields = new ArrayList<>();
    fields.add(data());
    fields.add(trainer(TrainerName.OLMO_CORE));
    fields.addAll(mixes());
    fields.addAll(rows());
    fields.add(StepFields.INSTANCE_FILTER);
    fields.addAll(optimizer("cosine", 0.1, ScheduleFields.PRETRAIN_FINAL_RATE));
    fields.add(
        value(
            "embeddingDeviation",
            positive(),
            0.5,
            "Standard deviation of the embeddings at the start, cut at three of it."));
    fields.add(
        value(
            "linearDeviation",
            positive(),
            0.02,
            "Standard deviation of every other matrix at the start, likewise."));
    fields.add(
        value(
            "outputNorm",
            positive(),
            0.3,
            "Start of the norms on the outputs of attention and MLP."));
    return List.copyOf(fields);
  }

  private static List<Field> midtrain() {
    List<Field> fields = new ArrayList<>(List.of(FROM, data(), trainer(TrainerName.OLMO_CORE)));
    fields.addAll(mixes());
    fields.addAll(rows());
    fields.add(StepFields.INSTANCE_FILTER);
    fields.addAll(optimizer("linear", 0.1, ScheduleFields.FINAL_RATE));
    fields.add(MergeFields.SHORT_FORM);
    return List.copyOf(fields);
  }

  private static List<Field> longContext() {
    List<Field> fields = new ArrayList<>(List.of(FROM, data(), trainer(TrainerName.OLMO_CORE)));
    fields.add(
        value(
            "contextFactor",
            whole(2, 64),
            4L,
            "New context over old, by YaRN on the layers that see all."));
    fields.addAll(mixes());
    fields.add(required("rows", count(), "Packed sequences a step."));
    fields.add(
        derived(
            "rowLength",
            count(),
            "the model's context times contextFactor",
            (model, stage) -> model.context() * RecipeFields.whole(stage, "contextFactor"),
            "Tokens a sequence; at most the new context."));
    fields.addAll(List.of(zLoss(), StepFields.MICRO_BATCH, StepFields.INSTANCE_FILTER));
    fields.addAll(optimizer("linear", 0.1, ScheduleFields.FINAL_RATE));
    return List.copyOf(fields);
  }

  private static Field data() {
    return required("data", DataFields.CURATED, "Stage whose tokenizer and token sets are used.");
  }

  /** The key that names who trains. */
  static Field trainer(String other) {
    return optional(
        TrainerName.KEY,
        new FieldType.Choice(List.of(TrainerName.ENGINE, other)),
        "Who trains; without it, this platform's engine. The pool's workers must be set up for"
            + " others.");
  }

  private static List<Field> mixes() {
    return List.of(
        required("mix", new FieldType.Weights(), "Share of each source in the tokens."),
        optional(
            "firstMix",
            new FieldType.Weights(),
            "Another mix for the first steps: a small model needs repeats alone before it learns to"
                + " look back."),
        optional("firstSteps", count(), "How many steps `firstMix` holds, as part of `steps`."));
  }

  /** The keys about packed rows. */
  static List<Field> rows() {
    return List.of(
        required("rows", count(), "Packed sequences a step."),
        derived(
            "rowLength",
            count(),
            "the model's context",
            (model, stage) -> (long) model.context(),
            "Tokens a sequence; at most the context."),
        zLoss(),
        StepFields.MICRO_BATCH);
  }

  private static Field zLoss() {
    return value(
        "zLoss", notNegative(), 1e-5, "Weight of the squared log of the softmax's denominator.");
  }

  /** The keys of the optimizer in the stages after pretraining's three. */
  static List<Field> optimizer(String schedule) {
    return optimizer(schedule, 0.0, ScheduleFields.FINAL_RATE);
  }

  private static List<Field> optimizer(String schedule, double weightDecay, Field finalRate) {
    List<Field> fields = new ArrayList<>(ScheduleFields.of(schedule, finalRate));
    fields.addAll(
        List.of(
            value(
                "weightDecay",
                notNegative(),
                weightDecay,
                "Decoupled; on all weights but the embeddings."),
            value("beta1", memory(), 0.9, "AdamW's memory of the gradient."),
            value("beta2", memory(), 0.95, "AdamW's memory of its square."),
            value(
                "gradientClip",
                notNegative(),
                1.0,
                "Largest global norm of a step's gradient; 0: none."),
            StepFields.PRECISION,
            StepFields.RECOMPUTE,
            StepFields.SKIP,
            optional(
                "checkpointEvery",
                count(),
                "Steps between checkpoints, each an artifact to branch from; without it, only the"
                    + " last."),
            value(
                "metricsEvery",
                count(),
                10L,
                "Steps between points of the curves, which are means over these steps.")));
    return fields;
  }

  private static FieldType memory() {
    return new FieldType.Real(0, false, 0.9999);
  }
}
