package dev.modelflow.engine.gguf;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Json;
import dev.modelflow.text.SpecialToken;
import dev.modelflow.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A tokenizer that curate trained, as llama.cpp keeps byte-level BPE. */
final class GgufTokenizer {
  /**
   * llama.cpp's name for cutting text as we do: each digit alone, then words. It differs in white
   * space of several characters before a digit.
   */
  private static final String CUT = "starcoder";

  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int UNUSED = 5;

  private GgufTokenizer() {}

  /**
   * The tokenizer's keys.
   *
   * @param folder of {@code tokenizer.json}
   * @param vocabulary rows of the embedding; those without a token are marked as unused
   */
  static Map<String, Object> of(Path folder, int vocabulary) {
    Tokenizer tokenizer = Tokenizer.read(folder);
    JsonNode model = Json.read(folder.resolve(Tokenizer.FILE)).path("model");
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", CUT);
    metadata.put("tokenizer.ggml.tokens", tokens(model, vocabulary));
    metadata.put("tokenizer.ggml.token_type", types(tokenizer, vocabulary));
    List<String> merges =
        model.path("merges").valueStream().map(merge -> merge.asString("")).toList();
    if (!merges.isEmpty()) {
      metadata.put("tokenizer.ggml.merges", merges);
    }
    metadata.put("tokenizer.ggml.eos_token_id", SpecialToken.END_OF_TEXT.id());
    metadata.put("tokenizer.ggml.eot_token_id", SpecialToken.MESSAGE_END.id());
    metadata.put("tokenizer.ggml.padding_token_id", SpecialToken.PADDING.id());
    metadata.put("tokenizer.ggml.add_bos_token", false);
    metadata.put("tokenizer.chat_template", ChatTemplate.JINJA);
    return metadata;
  }

  private static List<String> tokens(JsonNode model, int vocabulary) {
    String[] tokens = new String[vocabulary];
    Arrays.setAll(tokens, id -> "[PAD" + id + "]");
    model
        .path("vocab")
        .properties()
        .forEach(entry -> tokens[entry.getValue().asInt()] = entry.getKey());
    return List.of(tokens);
  }

  private static List<Integer> types(Tokenizer tokenizer, int vocabulary) {
    int specials = SpecialToken.values().length;
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < vocabulary; id++) {
      types.add(id < specials ? CONTROL : id < tokenizer.vocabularySize() ? NORMAL : UNUSED);
    }
    return types;
  }
}
