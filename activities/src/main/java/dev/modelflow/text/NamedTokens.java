package dev.modelflow.text;

import dev.modelflow.text.jinja.Jinja;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private NamedTokens() {}

  /** Their texts by those names; a part that no token has is not there. */
  static Map<String, String> of(Path folder) {
    Path file = folder.resolve(TokenizerConfig.FILE);
    Map<String, String> tokens = new LinkedHashMap<>();
    if (Files.exists(file)) {
      JsonNode config = Json.read(file);
      for (String name : NAMES) {
        JsonNode said = config.path(name);
        JsonNode token = said.isObject() ? said.path("content") : said;
        if (token.isString()) {
          tokens.put(name, token.asString());
        }
      }
    }
    return tokens;
  }

  /**
   * The same for a template.
   *
   * @throws TextException when it asks for one and the file that would say it is not there
   */
  static Map<String, String> of(Path folder, Jinja template) {
    if (!Files.exists(folder.resolve(TokenizerConfig.FILE))) {
      NAMES.stream()
          .filter(template::reads)
          .findFirst()
          .ifPresent(
              name -> {
                throw new TextException(
                    "The chat template in %s writes %s, which %s says: name that file too among those of the import"
                        .formatted(
                            TemplateFile.source(folder).getFileName(), name, TokenizerConfig.FILE));
              });
    }
    return of(folder);
  }
}
