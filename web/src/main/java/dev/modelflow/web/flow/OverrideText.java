package dev.modelflow.web.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Overrides as a person types them: one {@code stage.key: value} or {@code stage.key=value} a line.
 */
public final class OverrideText {
  private OverrideText() {}

  /**
   * The overrides in the order of their lines; empty lines and those that begin with {@code #} are
   * skipped. Values stay texts, which the recipe reads as YAML would.
   *
   * @throws IllegalArgumentException naming the first line without a key or value
   */
  public static Map<String, @Nullable Object> parse(String text) {
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && !content.startsWith("#")) {
        int end = separator(content);
        if (end <= 0 || end == content.length() - 1) {
          throw new IllegalArgumentException(
              "Line %d of the overrides, '%s', is not of the form stage.key: value"
                  .formatted(number, content));
        }
        overrides.put(content.substring(0, end).strip(), content.substring(end + 1).strip());
      }
    }
    return overrides;
  }

  private static int separator(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == ':' || line.charAt(i) == '=') {
        return i;
      }
    }
    return -1;
  }
}
