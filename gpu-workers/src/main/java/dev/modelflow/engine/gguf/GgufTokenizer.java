package dev.modelflow.engine.gguf;

import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tokenizer as llama.cpp keeps byte-level BPE. */
final class GgufTokenizer {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;

  private GgufTokenizer() {}

  /**
   * The tokenizer's keys.
   *
   * @param folder of {@code tokenizer.json}, and of the chat template and the tokens that this
   *     writes by name where it has one of its own
   * @param vocabulary rows of the embedding; those without a token are marked as unused
   */
  static Map<String, Object> of(Path folder, int vocabulary) {
    Tokenizer tokenizer = Tokenizer.read(folder);
    SpecialIds specials = tokenizer.specials();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", tokenizer.cutInLlamaCpp());
    metadata.put("tokenizer.ggml.tokens", tokens(tokenizer, vocabulary));
    metadata.put("tokenizer.ggml.token_type", types(tokenizer, vocabulary));
    List<String> merges = tokenizer.mergeTexts();
    if (!merges.isEmpty()) {
      metadata.put("tokenizer.ggml.merges", merges);
    }
    GgufChats chats = GgufChats.of(folder);
    // As in Olmo's own tokenizers: without one, templates that begin with it begin with a comma.
    metadata.put("tokenizer.ggml.bos_token_id", chats.token("bos_token", tokenizer));
    metadata.put("tokenizer.ggml.eos_token_id", chats.token("eos_token", tokenizer));
    metadata.put("tokenizer.ggml.eot_token_id", specials.messageEnd());
    metadata.put("tokenizer.ggml.padding_token_id", specials.padding());
    metadata.put("tokenizer.ggml.add_bos_token", false);
    String template = chats.template();
    if (template != null) {
      metadata.put("tokenizer.chat_template", template);
    }
    return metadata;
  }

  private static List<String> tokens(Tokenizer tokenizer, int vocabulary) {
    List<@Nullable String> texts = tokenizer.alphabetTexts();
    List<String> tokens = new ArrayList<>(vocabulary);
    for (int id = 0; id < vocabulary; id++) {
      String text = id < texts.size() ? texts.get(id) : null;
      tokens.add(text == null ? "[PAD" + id + "]" : text);
    }
    return tokens;
  }

  private static List<Integer> types(Tokenizer tokenizer, int vocabulary) {
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < vocabulary; id++) {
      types.add(
          switch (tokenizer.role(id)) {
            case TEXT -> NORMAL;
            case NAME -> USER_DEFINED;
            case SPECIAL -> CONTROL;
            case NONE -> UNUSED;
          });
    }
    return types;
  }
}
