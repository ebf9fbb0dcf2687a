package dev.modelflow.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A byte-level BPE tokenizer: every text can be encoded, and decoding gives the text back. Ids: the
 * {@link SpecialToken}s, then the 256 bytes, then one token a merge. Every digit is a token of its
 * own. Safe for use by several threads.
 */
public final class Tokenizer {
  /** The file's name in artifacts, as Hugging Face has it. */
  public static final String FILE = "tokenizer.json";

  static final int FIRST_BYTE = SpecialToken.values().length;
  static final int FIRST_MERGE = FIRST_BYTE + 256;
  private static final int CACHED_PIECES = 200_000;
  private static final int CACHED_PIECE_LENGTH = 40;

  /**
   * Two neighbours that become one token.
   *
   * @param left id of the first
   * @param right id of the second
   */
  record Merge(int left, int right) {}

  private final List<Merge> merges;
  private final PairTable ranks = new PairTable();
  private final byte[][] bytes;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  Tokenizer(List<Merge> merges) {
    this.merges = List.copyOf(merges);
    this.bytes = new byte[FIRST_MERGE + merges.size()][];
    for (SpecialToken special : SpecialToken.values()) {
      bytes[special.id()] = special.text().getBytes(StandardCharsets.UTF_8);
    }
    for (int value = 0; value < 256; value++) {
      bytes[FIRST_BYTE + value] = new byte[] {(byte) value};
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      Merge merge = merges.get(rank);
      if (ranks.add(merge.left(), merge.right()) != rank) {
        throw new IllegalArgumentException("Merge " + merge + " stands twice");
      }
      bytes[FIRST_MERGE + rank] = concatenate(bytes[merge.left()], bytes[merge.right()]);
    }
  }

  /** Reads {@code tokenizer.json}, given the file or its folder. */
  public static Tokenizer read(Path path) {
    return TokenizerJson.read(path);
  }

  /** Writes {@code tokenizer.json} into {@code folder}, which must exist; returns the file. */
  public Path write(Path folder) {
    return TokenizerJson.write(this, folder);
  }

  /** How many ids there are; ids are 0 until this. */
  public int vocabularySize() {
    return bytes.length;
  }

  /** The bytes that the token stands for; of a special token the bytes of its name. */
  public byte[] bytes(int id) {
    return bytes[checked(id)].clone();
  }

  /**
   * The ids of the text. Names of special tokens in it are text like any other. Unpaired surrogates
   * count as U+FFFD.
   */
  public int[] encode(String text) {
    IntList ids = new IntList(text.length() / 2 + 8);
    encode(text, ids);
    return ids.toArray();
  }

  /**
   * The ids of the text, with names of special tokens becoming these tokens: what Hugging Face's
   * tokenizers do. Only for text of our own making, never for documents.
   */
  public int[] encodeWithSpecials(String text) {
    IntList ids = new IntList(text.length() / 2 + 8);
    int done = 0;
    for (int i = text.indexOf("<|"); i >= 0; i = text.indexOf("<|", i)) {
      SpecialToken special = specialAt(text, i);
      if (special == null) {
        i++;
        continue;
      }
      encode(text.substring(done, i), ids);
      ids.add(special.id());
      i += special.text().length();
      done = i;
    }
    encode(text.substring(done), ids);
    return ids.toArray();
  }

  /** The text of the ids, special tokens left out; bytes that are no UTF-8 become U+FFFD. */
  public String decode(int[] ids) {
    return decode(ids, false);
  }

  /** The text of the ids, special tokens by their names. */
  public String decodeWithSpecials(int[] ids) {
    return decode(ids, true);
  }

  List<Merge> merges() {
    return merges;
  }

  private void encode(String text, IntList ids) {
    Pieces.cut(text, (start, end) -> ids.addAll(encodePiece(text.substring(start, end))));
  }

  private int[] encodePiece(String piece) {
    int[] known = cache.get(piece);
    if (known != null) {
      return known;
    }
    int[] symbols = byteIds(piece.getBytes(StandardCharsets.UTF_8));
    int[] ids = PieceMerger.merge(symbols, ranks);
    if (piece.length() <= CACHED_PIECE_LENGTH && cache.size() < CACHED_PIECES) {
      cache.put(piece, ids);
    }
    return ids;
  }

  private String decode(int[] ids, boolean withSpecials) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      if (withSpecials || id >= FIRST_BYTE) {
        out.writeBytes(bytes[checked(id)]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private int checked(int id) {
    if (id < 0 || id >= bytes.length) {
      throw new IllegalArgumentException(
          "Token " + id + " is not in the vocabulary: expected 0 to " + (bytes.length - 1));
    }
    return id;
  }

  static int[] byteIds(byte[] utf8) {
    int[] ids = new int[utf8.length];
    Arrays.setAll(ids, i -> FIRST_BYTE + (utf8[i] & 0xFF));
    return ids;
  }

  private static @Nullable SpecialToken specialAt(String text, int at) {
    for (SpecialToken special : SpecialToken.values()) {
      if (text.startsWith(special.text(), at)) {
        return special;
      }
    }
    return null;
  }

  private static byte[] concatenate(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /** The tokens' texts in the byte alphabet, by id. */
  List<String> alphabetTexts() {
    List<String> texts = new ArrayList<>(bytes.length);
    for (SpecialToken special : SpecialToken.values()) {
      texts.add(special.text());
    }
    for (int id = FIRST_BYTE; id < bytes.length; id++) {
      texts.add(ByteAlphabet.write(bytes[id]));
    }
    return texts;
  }
}
