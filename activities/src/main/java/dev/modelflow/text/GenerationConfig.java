package dev.modelflow.text;

import java.util.LinkedHashMap;
import java.util.Map;

/** What Hugging Face's {@code generation_config.json} says of how a model answers. */
public final class GenerationConfig {
  /** The file's name. */
  public static final String FILE = "generation_config.json";

  private GenerationConfig() {}

  /**
   * Its tree: answers are drawn as the model has them, and end where the engine's do.
   *
   * @param specials of the model's tokenizer
   */
  public static Map<String, Object> of(SpecialIds specials) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("do_sample", true);
    config.put("temperature", 1.0);
    config.put("eos_token_id", specials.ends());
    config.put("pad_token_id", specials.padding());
    return config;
  }
}
