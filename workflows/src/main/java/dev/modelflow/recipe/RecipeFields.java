package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The tables of fields: every key that a recipe may have. What a stage's parameters are called,
 * which values they take and what holds without them is said here and nowhere else.
 */
public final class RecipeFields {
  /** The form of names of flows and stages. */
  static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  static final String NAMES = "lower-case letters, digits and '-', at most 63";

  /** The keys of the whole recipe. */
  public static final List<Field> TOP =
      List.of(
          required(
              "recipe",
              new FieldType.Whole(Recipe.VERSION, Recipe.VERSION),
              "Version of the recipe's format; always 1."),
          required("name", new FieldType.Text(NAME, NAMES), "What the flow is called."),
          value("description", text(), "", "A sentence for people."),
          value("seed", whole(0, Long.MAX_VALUE), 0L, "Seed of every stage without its own."),
          required("model", new FieldType.Part("the block of the model's keys"), "The model."),
          required("stages", new FieldType.Part("the stages by their names"), "The stages."),
          optional(
              "evaluate",
              new FieldType.Part("the keys of an evaluation"),
              "Stands for one stage `evaluate-NAME` after each training stage NAME."));

  /** The keys of the block {@code model}. */
  public static final List<Field> MODEL = ModelFields.ALL;

  private RecipeFields() {}

  /** The keys of a stage of this kind: those of every stage, then the kind's own. */
  public static List<Field> of(StageKind kind) {
    List<Field> fields = new ArrayList<>(common(kind));
    fields.addAll(RankFields.of(kind));
    fields.addAll(Presets.field(kind));
    fields.addAll(
        switch (kind) {
          case SYNTHESIZE -> DataFields.SYNTHESIZE;
          case CURATE -> DataFields.CURATE;
          case IMPORT -> TrainingFields.IMPORT;
          case PRETRAIN -> TrainingFields.PRETRAIN;
          case MIDTRAIN -> TrainingFields.MIDTRAIN;
          case LONG_CONTEXT -> TrainingFields.LONG_CONTEXT;
          case SFT -> TuningFields.SFT;
          case DPO -> TuningFields.DPO;
          case RLVR -> TuningFields.RLVR;
          case MERGE -> MergeFields.MERGE;
          case EVALUATE -> EvaluationFields.EVALUATE;
          case MICROANNEAL -> MicroannealFields.MICROANNEAL;
          case RELEASE -> DataFields.RELEASE;
        });
    return List.copyOf(fields);
  }

  /** The keys of the block {@code evaluate}: an evaluation's without the checkpoint. */
  public static List<Field> evaluateBlock() {
    return of(StageKind.EVALUATE).stream()
        .filter(field -> !field.name().equals("from") && !field.name().equals("kind"))
        .toList();
  }

  private static List<Field> common(StageKind kind) {
    List<String> kinds = Arrays.stream(StageKind.values()).map(StageKind::word).toList();
    return List.of(
        optional(
            "kind", new FieldType.Choice(kinds), "What the stage does; without it, its name says."),
        value("pool", pool(), defaultPool(kind), "The workers that may run the stage."),
        optional("seed", whole(0, Long.MAX_VALUE), "Seed of this stage; without it, the flow's."));
  }

  private static String defaultPool(StageKind kind) {
    return switch (kind) {
      case SYNTHESIZE, CURATE, MICROANNEAL, RELEASE -> "cpu";
      case IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, DPO, RLVR, MERGE, EVALUATE -> "gpu";
    };
  }

  static Field required(String name, FieldType type, String description) {
    return new Field(name, type, new Field.Required(), description);
  }

  static Field optional(String name, FieldType type, String description) {
    return new Field(name, type, new Field.Optional(), description);
  }

  static Field value(String name, FieldType type, Object value, String description) {
    return new Field(name, type, new Field.Value(value), description);
  }

  static Field derived(
      String name,
      FieldType type,
      String words,
      BiFunction<ModelShape, Map<String, Object>, Object> from,
      String description) {
    return new Field(name, type, new Field.Derived(words, from), description);
  }

  /** The field, without its fallback where the block says the same by {@code rival}. */
  static Field unless(String rival, Field field) {
    return new Field(
        field.name(), field.type(), new Field.Unless(rival, field.absence()), field.description());
  }

  static FieldType whole(long least, long most) {
    return new FieldType.Whole(least, most);
  }

  /** A whole number of at least one. */
  static FieldType count() {
    return whole(1, Integer.MAX_VALUE);
  }

  /** A number from 0 to 1. */
  static FieldType share() {
    return new FieldType.Real(0, false, 1);
  }

  /** A number above 0. */
  static FieldType positive() {
    return new FieldType.Real(0, true, Double.MAX_VALUE);
  }

  /** A number of at least 0. */
  static FieldType notNegative() {
    return new FieldType.Real(0, false, Double.MAX_VALUE);
  }

  static FieldType pool() {
    return new FieldType.Text("[a-z0-9][a-z0-9.-]{0,62}", "the name of a pool: cpu or gpu");
  }

  static FieldType text() {
    return new FieldType.Text("(?s).{0,2000}", "a text of at most 2000 characters");
  }

  static long whole(Map<String, Object> values, String key) {
    Object value = Objects.requireNonNullElse(values.get(key), 0L);
    return value instanceof Number number ? number.longValue() : 0;
  }

  static double number(Map<String, Object> values, String key) {
    return values.get(key) instanceof Number number ? number.doubleValue() : 0;
  }
}
