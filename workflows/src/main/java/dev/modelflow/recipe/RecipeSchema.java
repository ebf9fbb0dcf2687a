package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of recipes, for editors, made from the tables of fields. */
public final class RecipeSchema {
  private RecipeSchema() {}

  /** The schema as indented JSON that ends with a line break. */
  public static String json() {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(tree()) + "\n";
  }

  private static Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    tree.put("title", "Modelflow recipe");
    tree.putAll(object(RecipeFields.TOP));
    Map<String, Object> kinds = new LinkedHashMap<>();
    for (StageKind kind : StageKind.values()) {
      kinds.put(kind.word(), nullable(stage(kind)));
    }
    kinds.put("stage", anyStage());
    kinds.put("model", object(RecipeFields.MODEL));
    kinds.put("evaluations", object(RecipeFields.evaluateBlock()));
    tree.put("$defs", kinds);
    return tree;
  }

  /** Of a stage's required keys, a preset may stand for those that it sets. */
  private static Map<String, Object> stage(StageKind kind) {
    Map<String, Object> object = object(RecipeFields.of(kind));
    List<String> required = required(RecipeFields.of(kind));
    List<String> preset = required.stream().filter(Presets.keys(kind)::contains).toList();
    if (!preset.isEmpty()) {
      object.put("required", required.stream().filter(it -> !preset.contains(it)).toList());
      object.put(
          "anyOf", List.of(ordered("required", List.of(Presets.KEY)), ordered("required", preset)));
    }
    return object;
  }

  private static List<String> required(List<Field> fields) {
    return fields.stream()
        .filter(field -> field.absence() instanceof Field.Required)
        .map(Field::name)
        .toList();
  }

  /** A stage without any key may be written as nothing. */
  private static Map<String, Object> nullable(Map<String, Object> object) {
    Map<String, Object> copy = new LinkedHashMap<>(object);
    if (!copy.containsKey("required")) {
      copy.put("type", List.of("object", "null"));
    }
    return copy;
  }

  private static Map<String, Object> object(List<Field> fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    fields.forEach(field -> properties.put(field.name(), property(field)));
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("additionalProperties", false);
    List<String> required = required(fields);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    object.put("properties", properties);
    return object;
  }

  private static Map<String, Object> property(Field field) {
    Map<String, Object> property = new LinkedHashMap<>();
    Field.Absence absence =
        field.absence() instanceof Field.Unless unless ? unless.otherwise() : field.absence();
    String described =
        absence instanceof Field.Derived derived
            ? field.description() + " Default: " + derived.words() + "."
            : field.description();
    property.put("description", described);
    if (absence instanceof Field.Value value && !(value.value() instanceof Map<?, ?>)) {
      property.put("default", value.value());
    }
    property.putAll(type(field.name(), field.type()));
    return property;
  }

  private static Map<String, Object> type(String name, FieldType type) {
    return switch (type) {
      case FieldType.Whole range ->
          range.most() == Long.MAX_VALUE
              ? ordered("type", "integer", "minimum", range.least())
              : ordered("type", "integer", "minimum", range.least(), "maximum", range.most());
      case FieldType.Real range -> real(range);
      case FieldType.Text text ->
          ordered(
              "type",
              "string",
              "pattern",
              "^(?:" + text.pattern().replace("(?s).", "[\\s\\S]") + ")$");
      case FieldType.Choice choice -> ordered("enum", choice.words());
      case FieldType.Flag flag -> ordered("type", "boolean");
      case FieldType.StageName stage -> ordered("type", "string");
      case FieldType.Checkpoint checkpoint -> ordered("type", "string");
      case FieldType.Weights weights ->
          ordered(
              "type",
              "object",
              "minProperties",
              1,
              "additionalProperties",
              ordered("type", "number", "exclusiveMinimum", 0));
      case FieldType.Named named ->
          ordered(
              "type",
              "object",
              "minProperties",
              1,
              "additionalProperties",
              type(name, named.item()));
      case FieldType.Items items ->
          ordered("type", "array", "minItems", items.least(), "items", type(name, items.item()));
      case FieldType.Group group -> object(group.fields());
      case FieldType.Part part -> part(name);
    };
  }

  private static Map<String, Object> real(FieldType.Real range) {
    Map<String, Object> real =
        ordered("type", "number", range.open() ? "exclusiveMinimum" : "minimum", range.least());
    if (range.most() != Double.MAX_VALUE) {
      real.put("maximum", range.most());
    }
    return real;
  }

  private static Map<String, Object> part(String name) {
    return switch (name) {
      case "model" -> reference("model");
      case "evaluate" -> reference("evaluations");
      default -> stages();
    };
  }

  /** A stage's keys follow its kind, or its name where that is a kind's and no kind is given. */
  private static Map<String, Object> stages() {
    Map<String, Object> named = new LinkedHashMap<>();
    for (StageKind kind : StageKind.values()) {
      named.put(
          kind.word(),
          ordered(
              "if",
              ordered("type", "object", "required", List.of("kind")),
              "then",
              reference("stage"),
              "else",
              reference(kind.word())));
    }
    return ordered(
        "type",
        "object",
        "minProperties",
        1,
        "properties",
        named,
        "additionalProperties",
        reference("stage"));
  }

  private static Map<String, Object> anyStage() {
    List<Object> branches = new ArrayList<>();
    for (StageKind kind : StageKind.values()) {
      Map<String, Object> isKind =
          ordered("properties", ordered("kind", ordered("const", kind.word())));
      branches.add(ordered("if", isKind, "then", reference(kind.word())));
    }
    return ordered("type", "object", "required", List.of("kind"), "allOf", branches);
  }

  private static Map<String, Object> reference(String definition) {
    return ordered("$ref", "#/$defs/" + definition);
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    return map;
  }
}
