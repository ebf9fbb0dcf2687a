package dev.modelflow.text;

import dev.modelflow.text.jinja.Jinja;
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
   * Its tree for a model that has learnt no chat template.
   *
   * @param context longest sequence in tokens
   */
  public static Map<String, @Nullable Object> of(int context) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("bos_token", null);
    config.put("eos_token", SpecialToken.END_OF_TEXT.text());
    config.put("pad_token", SpecialToken.PADDING.text());
    config.put("unk_token", null);
    config.put("add_prefix_space", false);
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", context);
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
   * Its tree for a model that writes conversations: with its own chat template, else the flow's.
   *
   * @param context longest sequence in tokens
   * @param model its folder
   */
  public static Map<String, @Nullable Object> of(int context, Path model) {
    Map<String, @Nullable Object> config = of(context);
    TemplateFile.read(model)
        .ifPresentOrElse(
            template -> putOwn(config, model, template),
            () -> config.put(TemplateFile.KEY, ChatTemplate.JINJA));
    return config;
  }

  /**
   * The tokens that the model's own file gives a part stay, since the template may write them; so
   * does that a part which it asks for has none. The template is here where it stands in this file.
   */
  private static void putOwn(Map<String, @Nullable Object> config, Path model, String template) {
    Jinja asking = Jinja.read(template);
    NamedTokens.NAMES.stream().filter(asking::reads).forEach(name -> config.put(name, null));
    config.putAll(NamedTokens.of(model));
    if (TemplateFile.source(model).endsWith(FILE)) {
      config.put(TemplateFile.KEY, template);
    }
  }
}
