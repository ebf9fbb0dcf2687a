package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads Hugging Face's {@code tokenizer.json} of byte-level BPE. What it cannot compute exactly it
 * refuses, so that no text is ever tokenised otherwise than the model's makers did.
 */
final class TokenizerJsonReader {
  /** Above every published vocabulary; a damaged id must not take all memory. */
  private static final int MOST = 1 << 22;

  private final Path file;
  private final JsonNode tree;
  private final JsonNode model;

  private TokenizerJsonReader(Path file) {
    this.file = file;
    tree = Json.read(file);
    model = tree.path("model");
  }

  static Tokenizer read(Path path) {
    return new TokenizerJsonReader(Files.isDirectory(path) ? path.resolve(Tokenizer.FILE) : path)
        .read();
  }

  private Tokenizer read() {
    Cut cut = cut();
    requireByteLevelBpe();
    List<AddedToken> added = added(file, tree.path("added_tokens"));
    Map<String, Integer> ids = vocabulary();
    requireOthersIds(added, ids);
    TokenBytes tokens = new TokenBytes(file.toString(), bytes(ids, added), added);
    return new Tokenizer(file.toString(), tokens, added, merges(ids), cut);
  }

  /** The list {@code added_tokens} of a file. */
  static List<AddedToken> added(Path file, JsonNode list) {
    List<AddedToken> added = new ArrayList<>();
    for (JsonNode each : list) {
      String content = each.path("content").asString("");
      for (String key : List.of("single_word", "lstrip", "rstrip")) {
        if (each.path(key).asBoolean(false)) {
          throw new TextException(
              "%s has the added token '%s' with %s: only tokens found as they are can be read"
                  .formatted(file, content, key));
        }
      }
      if (content.isEmpty()) {
        throw new TextException(file + " has an added token without content");
      }
      added.add(
          new AddedToken(
              checked(file, content, each.path("id")),
              content,
              each.path("special").asBoolean(false)));
    }
    return added;
  }

  private Cut cut() {
    JsonNode pre = tree.path("pre_tokenizer");
    List<JsonNode> parts =
        pre.path("type").asString("").equals("Sequence")
            ? pre.path("pretokenizers").valueStream().toList()
            : List.of(pre);
    JsonNode byteLevel = parts.getLast();
    boolean plain =
        byteLevel.path("type").asString("").equals("ByteLevel")
            && !byteLevel.path("add_prefix_space").asBoolean(false);
    boolean regex = byteLevel.path("use_regex").asBoolean(true);
    if (plain && parts.size() == 1 && regex) {
      return Cut.GPT2;
    }
    if (plain && parts.size() == 2 && !regex && isSplit(parts.getFirst())) {
      String pattern = parts.getFirst().at("/pattern/Regex").asString("");
      return Cut.of(pattern)
          .orElseThrow(
              () ->
                  refused(
                      "cuts text by '" + pattern + "'",
                      "the cuts of curate's tokenizers, of cl100k and of GPT-2"));
    }
    throw refused(
        "has the pre-tokenizer " + pre, "one Split by a regular expression before ByteLevel");
  }

  /** Isolated matches, or gaps between matches removed: the same where the matches leave no gap. */
  private static boolean isSplit(JsonNode part) {
    String behavior = part.path("behavior").asString("");
    boolean invert = part.path("invert").asBoolean(false);
    return part.path("type").asString("").equals("Split")
        && (behavior.equals("Isolated") || (behavior.equals("Removed") && invert));
  }

  private void requireByteLevelBpe() {
    requireNone("normalizer", tree.path("normalizer"), "those without one");
    JsonNode after = tree.path("post_processor");
    if (!after.path("type").asString("").equals("ByteLevel") && !addsNothing(after)) {
      requireNone("post-processor", after, "those that add no token");
    }
    if (!model.path("type").asString("BPE").equals("BPE")) {
      throw refused("has a model of type " + model.path("type").asString(""), "type BPE");
    }
    for (String key : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
      JsonNode value = model.path(key);
      if (!value.asString("").isEmpty() && value.asDouble(1) != 0) {
        throw refused("has the %s '%s'".formatted(key, value.asString("")), "those without");
      }
    }
    for (String key : List.of("byte_fallback", "ignore_merges")) {
      if (model.path(key).asBoolean(false)) {
        throw refused("has " + key, "those without");
      }
    }
  }

  /** Transformers 5 writes a template of the text alone where there was none. */
  private static boolean addsNothing(JsonNode after) {
    JsonNode single = after.path("single");
    return after.path("type").asString("").equals("TemplateProcessing")
        && single.size() == 1
        && single.path(0).has("Sequence");
  }

  private void requireNone(String what, JsonNode value, String read) {
    if (!value.isMissingNode() && !value.isNull()) {
      throw refused("has the %s %s".formatted(what, value.path("type").asString("")), read);
    }
  }

  private Map<String, Integer> vocabulary() {
    Map<String, Integer> ids = new HashMap<>();
    model
        .path("vocab")
        .properties()
        .forEach(entry -> ids.put(entry.getKey(), checked(file, entry.getKey(), entry.getValue())));
    return ids;
  }

  /** Hugging Face's tokenizers number added tokens that the vocabulary lacks by themselves. */
  private void requireOthersIds(List<AddedToken> added, Map<String, Integer> ids) {
    int next = ids.size();
    for (AddedToken token : added) {
      int expected = ids.getOrDefault(token.content(), next);
      if (token.id() != expected) {
        throw new TextException(
            "%s gives the added token '%s' the id %d: expected %d, which others give it"
                .formatted(file, token.content(), token.id(), expected));
      }
      next = Math.max(next, expected + 1);
    }
  }

  private byte[][] bytes(Map<String, Integer> ids, List<AddedToken> added) {
    Map<Integer, String> names = new HashMap<>();
    added.forEach(token -> names.put(token.id(), token.content()));
    int greatest = -1;
    for (int id : ids.values()) {
      greatest = Math.max(greatest, id);
    }
    for (int id : names.keySet()) {
      greatest = Math.max(greatest, id);
    }
    byte[][] bytes = new byte[greatest + 1][];
    Arrays.fill(bytes, TokenBytes.NONE);
    names.forEach((id, name) -> bytes[id] = name.getBytes(StandardCharsets.UTF_8));
    ids.forEach(
        (text, id) -> {
          String name = names.get(id);
          if (name != null && !name.equals(text)) {
            throw new TextException(
                "%s gives the id %d to both '%s' and '%s'".formatted(file, id, text, name));
          }
          if (name == null) {
            if (bytes[id].length > 0) {
              throw new TextException(
                  "%s gives the id %d to '%s' and to another token".formatted(file, id, text));
            }
            bytes[id] = alphabet(text);
          }
        });
    return bytes;
  }

  private byte[] alphabet(String text) {
    try {
      return ByteAlphabet.read(text);
    } catch (IllegalArgumentException e) {
      throw new TextException(file + " is no byte-level tokenizer: " + e.getMessage(), e);
    }
  }

  private List<Merge> merges(Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>();
    for (JsonNode merge : model.path("merges")) {
      merges.add(merge(ids, merge));
    }
    return merges;
  }

  /** Either {@code "left right"} or, as newer files have it, {@code ["left", "right"]}. */
  private Merge merge(Map<String, Integer> ids, JsonNode merge) {
    String text = merge.asString("");
    int space = text.indexOf(' ');
    String left =
        merge.isArray() ? merge.path(0).asString("") : text.substring(0, Math.max(0, space));
    String right = merge.isArray() ? merge.path(1).asString("") : text.substring(space + 1);
    Integer leftId = ids.get(left);
    Integer rightId = ids.get(right);
    Integer made = ids.get(left + right);
    if (leftId == null || rightId == null || made == null) {
      throw new TextException(
          "%s has the merge %s: expected two tokens of the vocabulary that make a third"
              .formatted(file, merge));
    }
    return new Merge(leftId, rightId, made);
  }

  private static int checked(Path file, String token, JsonNode id) {
    if (!id.isIntegralNumber() || id.asLong(-1) < 0 || id.asLong(-1) >= MOST) {
      throw new TextException(
          "%s gives the token '%s' the id %s: expected a whole number from 0 to %d"
              .formatted(file, token, id, MOST - 1));
    }
    return id.asInt();
  }

  private TextException refused(String has, String can) {
    return new TextException("%s %s: only %s can be read".formatted(file, has, can));
  }
}
