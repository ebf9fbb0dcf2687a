package dev.modelflow.engine.gguf;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.text.Json;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a folder says of how its model writes conversations, for llama.cpp.
 *
 * @param template null: the model has learnt none
 * @param tokens that the template of the folder's own writes by name
 */
record GgufChats(@Nullable String template, Map<String, String> tokens) {
  /** Those that llama.cpp gives a template; it has one for each, also where the model has none. */
  private static final List<String> GIVEN = List.of("bos_token", "eos_token");

  GgufChats {
    tokens = Map.copyOf(tokens);
  }

  static GgufChats of(Path folder) {
    Optional<String> own = TemplateFile.read(folder);
    if (own.isEmpty()) {
      return new GgufChats(
          isImport(folder) ? null : TemplateFile.readOrFlows(folder).orElse(null), Map.of());
    }
    Map<String, String> tokens = TokenizerConfig.tokens(folder);
    return new GgufChats(withoutOthers(own.get(), tokens), tokens);
  }

  /** No stage has tuned an import's checkpoint to the flow's template, as none made it. */
  private static boolean isImport(Path folder) {
    Path state = folder.resolve(CheckpointFolder.STATE);
    return Files.exists(state)
        && Json.read(state).path("kind").asString("").equals(StageKind.IMPORT.word());
  }

  /** Transformers writes nothing for a token that the model does not have. */
  private static String withoutOthers(String template, Map<String, String> tokens) {
    StringBuilder all = new StringBuilder();
    for (String name : GIVEN) {
      if (!tokens.containsKey(name) && template.contains(name)) {
        all.append("{%- set ").append(name).append(" = '' %}");
      }
    }
    if (!all.isEmpty() && template.startsWith("\n")) {
      // The first line feed behind a tag is cut off.
      all.append('\n');
    }
    return all.append(template).toString();
  }

  /** The id of the token that is called so; that of a text's end where none is. */
  int token(String name, Tokenizer tokenizer) {
    String text = tokens.get(name);
    if (text == null) {
      return tokenizer.specials().endOfText();
    }
    int[] ids = tokenizer.encodeWithSpecials(text);
    if (ids.length != 1) {
      throw new TextException(
          "%s says that %s is '%s', and %s has no such token: correct it"
              .formatted(TokenizerConfig.FILE, name, text, Tokenizer.FILE));
    }
    return ids[0];
  }
}
