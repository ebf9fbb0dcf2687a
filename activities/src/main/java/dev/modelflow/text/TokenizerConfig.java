package dev.modelflow.text;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Hugging Face's {@code tokenizer_config.json} says beside a {@code tokenizer.json}. */
public final class TokenizerConfig {
  /** The file's name. */
  public static final String FILE = "tokenizer_config.json";

  private TokenizerConfig() {}

  /**
   * Its tree.
   *
   * @param context longest sequence in tokens
   * @param template chat template; null: the model has learnt none
   */
  public static Map<String, @Nullable Object> of(int context, @Nullable String template) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("bos_token", null);
    config.put("eos_token", SpecialToken.END_OF_TEXT.text());
    config.put("pad_token", SpecialToken.PADDING.text());
    config.put("unk_token", null);
    config.put("add_prefix_space", false);
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", context);
    if (template != null) {
      config.put(TemplateFile.KEY, template);
    }
    return config;
  }

  /**
   * The texts of the tokens that a folder's own file gives a part, by the names that templates call
   * them; a part that no token has is not there.
   */
  public static Map<String, String> tokens(Path folder) {
    return NamedTokens.of(folder);
  }

  /**
   * Its tree for a model that has a chat template of its own: with the tokens that the model's own
   * file gives a part, since the template may write them, and with the template where that stands
   * in this file.
   *
   * @param context longest sequence in tokens
   * @param model its folder
   */
  public static Map<String, @Nullable Object> ofOwn(int context, Path model) {
    Map<String, @Nullable Object> config = of(context, null);
    config.putAll(NamedTokens.of(model));
    if (TemplateFile.source(model).endsWith(FILE)) {
      TemplateFile.read(model).ifPresent(template -> config.put(TemplateFile.KEY, template));
    }
    return config;
  }
}
