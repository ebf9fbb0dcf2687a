package dev.modelflow.text;

import dev.modelflow.text.jinja.Jinja;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The tokens that {@code tokenizer_config.json} gives a part, as templates call them. */
final class NamedTokens {
  static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** The classes of transformers that have no tokens but those that the file says. */
  private static final Set<String> PLAIN = Set.of("PreTrainedTokenizerFast", "TokenizersBackend");

  private NamedTokens() {}

  /** Their texts by those names; a part that no token has is not there. */
  static Map<String, String> of(Path folder) {
    Path file = folder.resolve(TokenizerConfig.FILE);
    return Files.exists(file) ? of(Json.read(file)) : Map.of();
  }

  private static Map<String, String> of(JsonNode config) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : NAMES) {
      JsonNode said = config.path(name);
      JsonNode token = said.isObject() ? said.path("content") : said;
      if (token.isString()) {
        tokens.put(name, token.asString());
      }
    }
    return tokens;
  }

  /**
   * The same for a template.
   *
   * @throws TextException when it asks for one of which the file says nothing, or is not there,
   *     unless the tokenizer's class is known to give that part no token then
   */
  static Map<String, String> of(Path folder, Jinja template) {
    Path file = folder.resolve(TokenizerConfig.FILE);
    Optional<JsonNode> config =
        Files.exists(file) ? Optional.of(Json.read(file)) : Optional.empty();
    for (String name : NAMES) {
      if (template.reads(name) && config.filter(said -> saysOf(name, said)).isEmpty()) {
        throw new TextException(
            (config.isEmpty()
                    ? "The chat template in %s writes %s, which %s says: name that file too among those of the import"
                    : "The chat template in %s writes %s, of which %s says nothing: give it its token there, or null where it has none")
                .formatted(TemplateFile.source(folder).getFileName(), name, TokenizerConfig.FILE));
      }
    }
    return config.map(NamedTokens::of).orElse(Map.of());
  }

  private static boolean saysOf(String name, JsonNode config) {
    return config.has(name) || PLAIN.contains(config.path("tokenizer_class").asString(""));
  }
}
