package dev.modelflow.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What Hugging Face's {@code generation_config.json} says of how a model answers. */
public final class GenerationConfig {
  /** The file's name. */
  public static final String FILE = "generation_config.json";

  private GenerationConfig() {}

  /**
   * Its tree: answers end where the engine's do, and are drawn as {@code taken} says, else as the
   * model has them.
   *
   * @param specials of the model's tokenizer
   * @param context longest sequence in tokens
   * @param taken see {@link #taken}; empty where no import took over another's
   */
  public static Map<String, Object> of(
      SpecialIds specials, int context, Map<String, Object> taken) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("do_sample", true);
    config.put("temperature", 1.0);
    // Unless these say otherwise, transformers draws from the best 50 and ends after 20 tokens.
    config.put("top_k", 0);
    config.put("top_p", 1.0);
    // As in Olmo 3's own: the other half is the prompt's.
    config.put("max_new_tokens", Math.max(1, context / 2));
    config.putAll(taken);
    config.put("eos_token_id", specials.ends());
    config.put("pad_token_id", specials.padding());
    return config;
  }

  /**
   * How answers are drawn by the file in {@code folder}: those of its keys that a release may have
   * from it, with values that every reader takes; empty where there is no such file.
   *
   * @throws TextException when it is no JSON
   */
  public static Map<String, Object> taken(Path folder) {
    Path file = folder.resolve(FILE);
    Map<String, Object> taken = new LinkedHashMap<>();
    if (Files.exists(file)) {
      Json.read(file)
          .properties()
          .forEach(
              entry -> {
                JsonNode value = entry.getValue();
                if (isTaken(entry.getKey(), value)) {
                  taken.put(
                      entry.getKey(), value.isBoolean() ? value.asBoolean() : value.numberValue());
                }
              });
    }
    return taken;
  }

  private static boolean isTaken(String key, JsonNode value) {
    return switch (key) {
      case "do_sample" -> value.isBoolean();
      case "temperature", "repetition_penalty" -> isNumber(value, Double.MAX_VALUE);
      case "top_p" -> isNumber(value, 1);
      case "top_k" -> isWhole(value, 0);
      case "max_new_tokens" -> isWhole(value, 1);
      default -> false;
    };
  }

  /** Above 0, and so no number that is none. */
  private static boolean isNumber(JsonNode value, double most) {
    return value.isNumber() && value.asDouble() > 0 && value.asDouble() <= most;
  }

  private static boolean isWhole(JsonNode value, int least) {
    return value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= least;
  }
}
