package dev.modelflow.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes Hugging Face's {@code tokenizer.json}: model type BPE, byte-level. */
final class TokenizerJson {
  private TokenizerJson() {}

  static Path write(Tokenizer tokenizer, Path folder) {
    Path file = folder.resolve(Tokenizer.FILE);
    Json.write(file, tree(tokenizer));
    return file;
  }

  static Map<String, @Nullable Object> tree(Tokenizer tokenizer) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("version", "1.0");
    tree.put("truncation", null);
    tree.put("padding", null);
    tree.put("added_tokens", addedTokens(tokenizer.added()));
    tree.put("normalizer", null);
    tree.put("pre_tokenizer", preTokenizer(tokenizer.cut()));
    tree.put("post_processor", null);
    tree.put("decoder", byteLevel());
    tree.put("model", model(tokenizer));
    return tree;
  }

  private static List<Map<String, Object>> addedTokens(List<AddedToken> tokens) {
    List<Map<String, Object>> added = new ArrayList<>();
    for (AddedToken each : tokens) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("id", each.id());
      token.put("content", each.content());
      token.put("single_word", false);
      token.put("lstrip", false);
      token.put("rstrip", false);
      token.put("normalized", false);
      token.put("special", each.special());
      added.add(token);
    }
    return added;
  }

  private static Map<String, Object> preTokenizer(Cut cut) {
    return preTokenizer(cut, "Isolated", false);
  }

  static Map<String, Object> preTokenizer(Cut cut, String behavior, boolean invert) {
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("type", "Split");
    split.put("pattern", Map.of("Regex", cut.pattern()));
    split.put("behavior", behavior);
    split.put("invert", invert);
    Map<String, Object> sequence = new LinkedHashMap<>();
    sequence.put("type", "Sequence");
    sequence.put("pretokenizers", List.of(split, byteLevel()));
    return sequence;
  }

  private static Map<String, Object> byteLevel() {
    Map<String, Object> byteLevel = new LinkedHashMap<>();
    byteLevel.put("type", "ByteLevel");
    byteLevel.put("add_prefix_space", false);
    byteLevel.put("trim_offsets", true);
    byteLevel.put("use_regex", false);
    return byteLevel;
  }

  static Map<String, @Nullable Object> model(Tokenizer tokenizer) {
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("vocab", vocabulary(tokenizer.alphabetTexts()));
    model.put("merges", tokenizer.mergeTexts());
    return model;
  }

  private static Map<String, Integer> vocabulary(List<@Nullable String> texts) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (int id = 0; id < texts.size(); id++) {
      String text = texts.get(id);
      if (text != null) {
        vocabulary.put(text, id);
      }
    }
    return vocabulary;
  }
}
