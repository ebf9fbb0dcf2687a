package dev.modelflow.ledger;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the ledger's JSON columns. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<Map<String, @Nullable Object>> TREE = new TypeReference<>() {};

  private Json() {}

  /** The object {@code text} as a tree of maps, lists, strings, numbers and booleans. */
  public static Map<String, @Nullable Object> tree(String text) {
    return MAPPER.readValue(text, TREE);
  }

  /** The value {@code text} as {@code type}. */
  public static <T> T read(String text, TypeReference<T> type) {
    return MAPPER.readValue(text, type);
  }

  /** {@code value} as JSON on one line. */
  public static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
