package dev.modelflow.recipe;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference of every key of a recipe, for readers, made from the tables of fields. */
public final class RecipeReference {
  private static final String HEAD =
      """
      # The keys of a recipe

      Made by `./modelflow schema --reference` from the tables that check a recipe; what the keys are for stands in
      [recipe.md](recipe.md).
      """;

  private RecipeReference() {}

  /** The reference as Markdown that ends with a line break. */
  public static String markdown() {
    StringBuilder text = new StringBuilder(HEAD);
    tables()
        .forEach(
            table -> {
              text.append("\n## ").append(table.getKey()).append("\n\n");
              text.append("| key | value | without it | meaning |\n| --- | --- | --- | --- |\n");
              rows(text, "", table.getValue());
            });
    presets(text);
    return text.toString();
  }

  private static void presets(StringBuilder text) {
    text.append("\n## Presets\n\nWhere they come from stands in [presets.md](presets.md).\n\n");
    text.append("| kind | preset | keys |\n| --- | --- | --- |\n");
    for (StageKind kind : StageKind.values()) {
      Map<Map<String, Object>, List<String>> names = new LinkedHashMap<>();
      Presets.of(kind)
          .forEach(
              (name, keys) ->
                  names.computeIfAbsent(keys, any -> new ArrayList<>()).add("`" + name + "`"));
      names.forEach(
          (keys, same) ->
              text.append(
                  "| `%s` | %s | %s |\n"
                      .formatted(kind.word(), String.join(", ", same), keysOf(keys))));
    }
  }

  private static String keysOf(Map<String, Object> preset) {
    return preset.entrySet().stream()
        .map(it -> "`" + it.getKey() + ": " + plain(it.getValue()) + "`")
        .collect(Collectors.joining(", "));
  }

  private static String plain(Object value) {
    return CanonicalJson.write(value).replace("\"", "").replace(":", ": ").replace(",", ", ");
  }

  private static Stream<Map.Entry<String, List<Field>>> tables() {
    return Stream.concat(
        Stream.of(
            Map.entry("The recipe", RecipeFields.TOP),
            Map.entry("The block `model`", RecipeFields.MODEL)),
        Stream.of(StageKind.values())
            .map(kind -> Map.entry("Stages of kind `" + kind.word() + "`", RecipeFields.of(kind))));
  }

  private static void rows(StringBuilder text, String prefix, List<Field> fields) {
    for (Field field : fields) {
      String name = prefix + field.name();
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  name,
                  cell(field.type().describe()),
                  absence(field.absence()),
                  cell(field.description())));
      rows(text, name + ".", inner(field.type()));
    }
  }

  private static List<Field> inner(FieldType type) {
    return switch (type) {
      case FieldType.Group group -> group.fields();
      case FieldType.Items items -> inner(items.item());
      default -> List.of();
    };
  }

  private static String absence(Field.Absence absence) {
    return switch (absence) {
      case Field.Required _ -> "*required*";
      case Field.Optional _ -> "";
      case Field.Derived derived -> cell(derived.words());
      case Field.Unless unless -> absence(unless.otherwise());
      case Field.Value value when value.value() instanceof Map<?, ?> -> "its keys' own";
      case Field.Value value when value.value().equals("") -> "";
      case Field.Value value -> "`" + CanonicalJson.write(value.value()).replace("\"", "") + "`";
    };
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
