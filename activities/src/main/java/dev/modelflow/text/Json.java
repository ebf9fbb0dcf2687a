package dev.modelflow.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON files whose bytes depend on their content alone. */
public final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter()
                  .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n")))
          .build();

  private static final JsonMapper PARAMETERS =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private Json() {}

  /** Writes the tree indented, with a line feed at its end and keys in the map's order. */
  public static void write(Path file, Map<String, ?> tree) {
    try {
      Files.writeString(
          file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** The value as a tree of maps, lists and plain values, keys in the order of its components. */
  public static Map<String, Object> tree(Object value) {
    return MAPPER.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /**
   * A record from a stage's parameters: keys that it lacks are ignored, keys that are missing or of
   * the wrong type are refused with a {@link TextException}.
   */
  public static <T> T convert(Map<String, ? extends @Nullable Object> parameters, Class<T> type) {
    try {
      return PARAMETERS.convertValue(parameters, type);
    } catch (JacksonException e) {
      throw new TextException("The stage's parameters are wrong: " + e.getOriginalMessage(), e);
    }
  }

  /** Reads one JSON value; throws {@link TextException} when the file is missing or is no JSON. */
  public static JsonNode read(Path file) {
    try {
      return MAPPER.readTree(Files.readString(file));
    } catch (IOException | JacksonException e) {
      throw new TextException("Cannot read " + file + " as JSON: " + e.getMessage(), e);
    }
  }
}
