package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of Olmo 2 and Olmo 3: the ranks of cl100k, which the library jtokkit carries, and
 * 22 added tokens. Source: {@code allenai_dolma2.json} in allenai/OLMo, which {@link #write} writes
 * byte for byte.
 */
public final class Dolma2 {
  /** How a recipe names it. */
  public static final String NAME = "dolma2";

  /** Number of its ids. */
  public static final int SIZE = 100_278;

  private static final String RANKS = "/com/knuddels/jtokkit/cl100k_base.tiktoken";
  private static final int BYTES = 256;
  private static final List<String> ADDED =
      List.of(
          "<|extra_id_0|>",
          "<|endoftext|>",
          "<|fim_prefix|>",
          "<|fim_middle|>",
          "<|fim_suffix|>",
          "|||PHONE_NUMBER|||",
          "|||EMAIL_ADDRESS|||",
          "|||IP_ADDRESS|||",
          "<|im_start|>",
          "<|im_end|>",
          "<|extra_id_1|>",
          "<|extra_id_2|>",
          "<|extra_id_3|>",
          "<|extra_id_4|>",
          "<|extra_id_5|>",
          "<|extra_id_6|>",
          "<|extra_id_7|>",
          "<|extra_id_8|>",
          "<|extra_id_9|>",
          "<|extra_id_10|>",
          "<|endofprompt|>",
          "<|pad|>");
  private static final Set<String> SPECIAL =
      Set.of(
          "<|endoftext|>",
          "<|fim_prefix|>",
          "<|fim_middle|>",
          "<|fim_suffix|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|endofprompt|>",
          "<|pad|>");

  private Dolma2() {}

  /** Writes {@code tokenizer.json} into {@code folder}, which must exist; returns the file. */
  public static Path write(Path folder) {
    Path file = folder.resolve(Tokenizer.FILE);
    try {
      Files.writeString(file, Json.MAPPER.writeValueAsString(tree(create())));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    return file;
  }

  /** The tokenizer; takes about a second. */
  public static Tokenizer create() {
    List<byte[]> ranks = ranks();
    List<AddedToken> added = new ArrayList<>();
    for (String name : ADDED) {
      added.add(new AddedToken(ranks.size() + added.size(), name, SPECIAL.contains(name)));
    }
    List<byte[]> all = new ArrayList<>(ranks);
    ADDED.forEach(name -> all.add(name.getBytes(StandardCharsets.UTF_8)));
    TokenBytes tokens = new TokenBytes(NAME, all.toArray(new byte[0][]), added);
    return new Tokenizer(NAME, tokens, added, merges(tokens, ranks.size()), Cut.CL100K);
  }

  /**
   * A token's bytes, merged by all merges of lower rank, are the two tokens whose merge makes it.
   */
  private static List<Merge> merges(TokenBytes tokens, int ranks) {
    MergeTable lower = new MergeTable();
    List<Merge> merges = new ArrayList<>(ranks - BYTES);
    for (int id = BYTES; id < ranks; id++) {
      int[] parts = PieceMerger.merge(tokens.ofBytes(tokens.of(id)), lower);
      if (parts.length != 2) {
        throw new IllegalStateException(
            "Token %d of %s is made of %d others".formatted(id, NAME, parts.length));
      }
      Merge merge = new Merge(parts[0], parts[1], id);
      lower.add(merge);
      merges.add(merge);
    }
    return merges;
  }

  private static List<byte[]> ranks() {
    List<byte[]> ranks = new ArrayList<>(SIZE);
    try (InputStream in = Dolma2.class.getResourceAsStream(RANKS)) {
      if (in == null) {
        throw new IllegalStateException("The library jtokkit has no " + RANKS);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ranks.add(Base64.getDecoder().decode(line.substring(0, line.indexOf(' '))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RANKS, e);
    }
    return ranks;
  }

  /** In the published file's order and with its oddities. */
  private static Map<String, @Nullable Object> tree(Tokenizer tokenizer) {
    Map<String, @Nullable Object> decoder = new LinkedHashMap<>();
    decoder.put("type", "ByteLevel");
    decoder.put("add_prefix_space", true);
    decoder.put("trim_offsets", true);
    decoder.put("use_regex", true);
    Map<String, @Nullable Object> model = TokenizerJson.model(tokenizer);
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "");
    Map<String, @Nullable Object> tree = TokenizerJson.tree(tokenizer);
    tree.put("pre_tokenizer", TokenizerJson.preTokenizer(Cut.CL100K, "Removed", true));
    tree.put("decoder", decoder);
    tree.put("model", model);
    return tree;
  }
}
