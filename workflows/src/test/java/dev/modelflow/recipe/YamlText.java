package dev.modelflow.recipe;

import java.util.List;
import java.util.Map;

/** Writes plain maps as YAML with one key a line. */
public final class YamlText {
  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  /** The text of a recipe. */
  public static String of(Map<String, ?> recipe) {
    YamlText yaml = new YamlText();
    yaml.block(recipe, 0);
    return yaml.text.toString();
  }

  private void block(Map<?, ?> block, int depth) {
    block.forEach((key, value) -> entry("  ".repeat(depth), key, value, depth));
  }

  private void entry(String indent, Object key, Object value, int depth) {
    text.append(indent).append(scalar(key)).append(':');
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> text.append(" {}\n");
      case Map<?, ?> map -> {
        text.append('\n');
        block(map, depth + 1);
      }
      case List<?> list when list.isEmpty() -> text.append(" []\n");
      case List<?> list -> {
        text.append('\n');
        list.forEach(item -> item(item, depth + 1));
      }
      default -> text.append(' ').append(scalar(value)).append('\n');
    }
  }

  private void item(Object item, int depth) {
    String indent = "  ".repeat(depth) + "- ";
    if (item instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entry(indent, entry.getKey(), entry.getValue(), depth + 1);
        indent = "  ".repeat(depth + 1);
      }
    } else {
      text.append(indent).append(scalar(item)).append('\n');
    }
  }

  /** A value that is written as it is. */
  record Plain(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  /** Texts that YAML would read as something else stand in quotes. */
  private static String scalar(Object value) {
    boolean plain =
        !(value instanceof String word)
            || (word.matches("[a-zA-Z][\\w@.-]*") && !word.matches("null|true|false"));
    return plain
        ? String.valueOf(value)
        : "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
