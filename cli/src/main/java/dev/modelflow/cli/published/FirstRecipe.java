package dev.modelflow.cli.published;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A recipe that imports a published model, for people to write its stages behind. */
final class FirstRecipe {
  private static final String NAMELESS = "imported";
  private static final int LONGEST_NAME = 63;

  private FirstRecipe() {}

  /**
   * The recipe's text.
   *
   * @param folder of the model
   * @param model the block {@code model}
   * @param about what else the stage says, such as its licence
   * @param files the digest of each file by its name
   */
  static String of(
      Path folder,
      Map<String, Object> model,
      Map<String, String> about,
      Map<String, String> files) {
    StringBuilder yaml = new StringBuilder("recipe: 1\n");
    yaml.append("name: ").append(name(folder)).append('\n');
    yaml.append("model:\n");
    model.forEach((key, value) -> line(yaml, "  ", key, value));
    yaml.append("stages:\n  import:\n");
    line(yaml, "    ", "folder", folder.toString());
    about.forEach((key, value) -> line(yaml, "    ", key, value));
    yaml.append("    files:\n");
    files.forEach(
        (file, digest) ->
            yaml.append("      - {name: %s, sha256: %s}\n".formatted(text(file), text(digest))));
    return yaml.toString();
  }

  private static void line(StringBuilder yaml, String indent, String key, Object value) {
    yaml.append(indent).append(key).append(": ").append(value(value)).append('\n');
  }

  private static String value(Object value) {
    return switch (value) {
      case String text -> text(text);
      case Map<?, ?> block -> block.toString().replace("=", ": ");
      default -> value.toString();
    };
  }

  /** In quotes as JSON has them, which YAML reads as text whatever it is. */
  private static String text(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static String name(Path folder) {
    String name =
        String.valueOf(folder.getFileName())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return name.isEmpty() ? NAMELESS : name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }
}
