package dev.modelflow.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A byte-level BPE tokenizer: every text can be encoded, and decoding gives the text back. One that
 * curate trained has the {@link SpecialToken}s as its first ids, then the 256 bytes, then one token
 * a merge; a published one numbers its tokens as it likes. Safe for use by several threads.
 */
public final class Tokenizer {
  /** The file's name in artifacts, as Hugging Face has it. */
  public static final String FILE = "tokenizer.json";

  private static final int CACHED_PIECES = 200_000;
  private static final int CACHED_PIECE_LENGTH = 40;

  /**
   * Two neighbours that become one token.
   *
   * @param left id of the first
   * @param right id of the second
   * @param made id of the token that they become
   */
  record Merge(int left, int right, int made) {}

  private final TokenBytes tokens;
  private final List<Merge> merges;
  private final MergeTable table = new MergeTable();
  private final Cut cut;
  private final List<AddedToken> added;
  private final BitSet specials = new BitSet();
  private final BitSet names = new BitSet();
  private final SpecialIds specialIds;
  private final AddedNames allNames;
  private final AddedNames plainNames;
  private final Map<String, int[]> cache = new ConcurrentHashMap<>();

  /**
   * A tokenizer of these parts.
   *
   * @param source what is named where the parts do not go together
   */
  Tokenizer(String source, TokenBytes tokens, List<AddedToken> added, List<Merge> merges, Cut cut) {
    this.tokens = tokens;
    this.added = List.copyOf(added);
    this.merges = List.copyOf(merges);
    this.cut = cut;
    specialIds = SpecialIds.of(added, source);
    added.forEach(token -> (token.special() ? specials : names).set(token.id()));
    allNames = new AddedNames(added);
    plainNames = new AddedNames(added.stream().filter(token -> !token.special()).toList());
    for (Merge merge : merges) {
      if (!table.add(merge)) {
        throw new TextException(
            "%s has the merge of tokens %d and %d twice"
                .formatted(source, merge.left(), merge.right()));
      }
    }
  }

  /**
   * Reads {@code tokenizer.json}, given the file or its folder; throws {@link TextException} for a
   * tokenizer that cannot be computed exactly.
   */
  public static Tokenizer read(Path path) {
    return TokenizerJsonReader.read(path);
  }

  /** Writes {@code tokenizer.json} into {@code folder}, which must exist; returns the file. */
  public Path write(Path folder) {
    return TokenizerJson.write(this, folder);
  }

  /** The number above the greatest id; ids are 0 until this. */
  public int vocabularySize() {
    return tokens.size();
  }

  /** The ids of the special tokens. */
  public SpecialIds specials() {
    return specialIds;
  }

  /** What an id of at least 0 stands for. */
  public TokenRole role(int id) {
    if (specials.get(id)) {
      return TokenRole.SPECIAL;
    }
    if (names.get(id)) {
      return TokenRole.NAME;
    }
    return tokens.of(id).length > 0 ? TokenRole.TEXT : TokenRole.NONE;
  }

  /** The bytes that the token stands for; of an added token the bytes of its name. */
  public byte[] bytes(int id) {
    byte[] bytes = id < 0 ? TokenBytes.NONE : tokens.of(id);
    if (bytes.length == 0) {
      throw new IllegalArgumentException(
          "Token " + id + " is not in the vocabulary: expected 0 to " + (tokens.size() - 1));
    }
    return bytes.clone();
  }

  /**
   * The ids of the text. Names of special tokens in it are text like any other; those of other
   * added tokens, such as dolma2's stand-ins for addresses, become these tokens. An unpaired
   * surrogate counts as a question mark.
   */
  public int[] encode(String text) {
    return encode(text, plainNames);
  }

  /**
   * The ids of the text, with names of special tokens becoming these tokens: what Hugging Face's
   * tokenizers do. Only for text of our own making, never for documents.
   */
  public int[] encodeWithSpecials(String text) {
    return encode(text, allNames);
  }

  /** Where the text has names of special tokens. */
  List<AddedNames.Found> specialsIn(String text) {
    List<AddedNames.Found> all = new ArrayList<>();
    for (AddedNames.Found found = allNames.next(text, 0);
        found != null;
        found = allNames.next(text, found.end())) {
      if (found.token().special()) {
        all.add(found);
      }
    }
    return all;
  }

  /**
   * The text of the ids, special tokens left out; bytes that are no UTF-8 become U+FFFD, and ids
   * that name no token (a model may have more rows than its tokenizer has tokens) are left out.
   */
  public String decode(int[] ids) {
    return decode(ids, false);
  }

  /** The text of the ids, special tokens by their names. */
  public String decodeWithSpecials(int[] ids) {
    return decode(ids, true);
  }

  Cut cut() {
    return cut;
  }

  List<Merge> merges() {
    return merges;
  }

  List<AddedToken> added() {
    return added;
  }

  private int[] encode(String text, AddedNames names) {
    IntList ids = new IntList(text.length() / 2 + 8);
    int done = 0;
    for (AddedNames.Found found = names.next(text, 0);
        found != null;
        found = names.next(text, done)) {
      encode(text.substring(done, found.start()), ids);
      ids.add(found.token().id());
      done = found.end();
    }
    encode(done == 0 ? text : text.substring(done), ids);
    return ids.toArray();
  }

  private void encode(String text, IntList ids) {
    cut.cut(text, (start, end) -> ids.addAll(encodePiece(text.substring(start, end))));
  }

  private int[] encodePiece(String piece) {
    int[] known = cache.get(piece);
    if (known != null) {
      return known;
    }
    int[] symbols = tokens.ofBytes(piece.getBytes(StandardCharsets.UTF_8));
    int[] ids = PieceMerger.merge(symbols, table);
    if (piece.length() <= CACHED_PIECE_LENGTH && cache.size() < CACHED_PIECES) {
      cache.put(piece, ids);
    }
    return ids;
  }

  private String decode(int[] ids, boolean withSpecials) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      if (withSpecials || !specials.get(id)) {
        out.writeBytes(tokens.of(id));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The tokens' texts in the byte alphabet, by id; null where an id names no token. */
  public List<@Nullable String> alphabetTexts() {
    List<@Nullable String> texts = new ArrayList<>(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      byte[] bytes = tokens.of(id);
      texts.add(bytes.length == 0 ? null : ByteAlphabet.write(bytes));
    }
    for (AddedToken token : added) {
      texts.set(token.id(), token.content());
    }
    return texts;
  }

  /** The merges in the order in which they apply, each as its two texts with a space between. */
  public List<String> mergeTexts() {
    List<@Nullable String> texts = alphabetTexts();
    return merges.stream()
        .map(
            merge ->
                Objects.requireNonNull(texts.get(merge.left()))
                    + " "
                    + Objects.requireNonNull(texts.get(merge.right())))
        .toList();
  }

  /** llama.cpp's name for cutting text as this tokenizer does. */
  public String cutInLlamaCpp() {
    return cut.inLlamaCpp();
  }

  static byte[] concatenate(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }
}
