package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Hugging Face's {@code tokenizer.json}: model type BPE, byte-level. */
final class TokenizerJson {
  private TokenizerJson() {}

  static Path write(Tokenizer tokenizer, Path folder) {
    Path file = folder.resolve(Tokenizer.FILE);
    Json.write(file, tree(tokenizer));
    return file;
  }

  static Tokenizer read(Path path) {
    Path file = Files.isDirectory(path) ? path.resolve(Tokenizer.FILE) : path;
    JsonNode tree = Json.read(file);
    String pattern =
        tree.path("pre_tokenizer").path("pretokenizers").path(0).at("/pattern/Regex").asString("");
    if (!pattern.equals(Pieces.PATTERN)) {
      throw new TextException(
          "%s cuts text by '%s': only tokenizers trained by curate can be read, which cut by '%s'"
              .formatted(file, pattern, Pieces.PATTERN));
    }
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    tree.path("model")
        .path("vocab")
        .properties()
        .forEach(entry -> vocabulary.put(entry.getKey(), entry.getValue().asInt()));
    List<Merge> merges = new ArrayList<>();
    for (JsonNode merge : tree.path("model").path("merges")) {
      merges.add(merge(file, vocabulary, merge.asString("")));
    }
    Tokenizer tokenizer = new Tokenizer(merges);
    if (!vocabulary.equals(vocabulary(tokenizer))) {
      throw new TextException(
          file + " numbers its tokens otherwise than special tokens, bytes, merges in order");
    }
    return tokenizer;
  }

  private static Merge merge(Path file, Map<String, Integer> vocabulary, String text) {
    int space = text.indexOf(' ');
    Integer left = space < 0 ? null : vocabulary.get(text.substring(0, space));
    Integer right = space < 0 ? null : vocabulary.get(text.substring(space + 1));
    if (left == null || right == null) {
      throw new TextException(
          "%s has the merge '%s': expected two tokens of the vocabulary".formatted(file, text));
    }
    return new Merge(left, right);
  }

  private static Map<String, @Nullable Object> tree(Tokenizer tokenizer) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("version", "1.0");
    tree.put("truncation", null);
    tree.put("padding", null);
    tree.put("added_tokens", addedTokens());
    tree.put("normalizer", null);
    tree.put("pre_tokenizer", preTokenizer());
    tree.put("post_processor", null);
    tree.put("decoder", byteLevel());
    tree.put("model", model(tokenizer));
    return tree;
  }

  private static List<Map<String, Object>> addedTokens() {
    List<Map<String, Object>> added = new ArrayList<>();
    for (SpecialToken special : SpecialToken.values()) {
      Map<String, Object> token = new LinkedHashMap<>();
      token.put("id", special.id());
      token.put("content", special.text());
      token.put("single_word", false);
      token.put("lstrip", false);
      token.put("rstrip", false);
      token.put("normalized", false);
      token.put("special", true);
      added.add(token);
    }
    return added;
  }

  private static Map<String, Object> preTokenizer() {
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("type", "Split");
    split.put("pattern", Map.of("Regex", Pieces.PATTERN));
    split.put("behavior", "Isolated");
    split.put("invert", false);
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

  private static Map<String, @Nullable Object> model(Tokenizer tokenizer) {
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", null);
    model.put("continuing_subword_prefix", null);
    model.put("end_of_word_suffix", null);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("vocab", vocabulary(tokenizer));
    List<String> texts = tokenizer.alphabetTexts();
    model.put(
        "merges",
        tokenizer.merges().stream()
            .map(merge -> texts.get(merge.left()) + " " + texts.get(merge.right()))
            .toList());
    return model;
  }

  private static Map<String, Integer> vocabulary(Tokenizer tokenizer) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<String> texts = tokenizer.alphabetTexts();
    for (int id = 0; id < texts.size(); id++) {
      vocabulary.put(texts.get(id), id);
    }
    return vocabulary;
  }
}
