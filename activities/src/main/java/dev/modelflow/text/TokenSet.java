package dev.modelflow.text;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A token set as {@link TokenSetWriter} wrote it, mapped into memory. Safe for use by several
 * threads until closed.
 */
public final class TokenSet implements AutoCloseable {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong OFFSET =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Which document it is.
   *
   * @param id unique in the corpus
   * @param source the source's name
   */
  public record Name(String id, String source) {}

  private final Path folder;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment tokenFile;
  private final MemorySegment offsetFile;
  private final long tokens;
  private final int documents;
  private final long bytes;
  private final String tokenizer;
  private final TokenForm form;

  private TokenSet(Path folder) {
    this.folder = folder;
    JsonNode summary = Json.read(folder.resolve(TokenSetWriter.SUMMARY));
    this.tokens = summary.path("tokens").asLong(-1);
    this.documents = summary.path("documents").asInt(-1);
    this.bytes = summary.path("bytes").asLong(-1);
    this.tokenizer = summary.path("tokenizer").asString("");
    this.form = TokenForm.read(folder.resolve(TokenSetWriter.SUMMARY), summary);
    this.tokenFile = map(folder.resolve(TokenSetWriter.TOKENS), tokens * form.bytes());
    this.offsetFile =
        map(folder.resolve(TokenSetWriter.OFFSETS), (long) documents * TokenSetWriter.ENTRY);
  }

  /** Opens the token set in the folder; throws {@link TextException} when sizes do not agree. */
  public static TokenSet open(Path folder) {
    return new TokenSet(folder);
  }

  /** The number of tokens, end-of-text included. */
  public long tokens() {
    return tokens;
  }

  /** The number of documents. */
  public int documents() {
    return documents;
  }

  /** The number of UTF-8 bytes of all texts. */
  public long bytes() {
    return bytes;
  }

  /** SHA-256 of the {@code tokenizer.json} that made the ids. */
  public String tokenizer() {
    return tokenizer;
  }

  /** The token that ends every document. */
  public int endOfText() {
    return form.endOfText();
  }

  /** The token at this offset. */
  public int token(long offset) {
    return form.bytes() == Short.BYTES
        ? Short.toUnsignedInt(tokenFile.get(SHORT, offset * Short.BYTES))
        : tokenFile.get(INT, offset * Integer.BYTES);
  }

  /** The {@code count} tokens from this offset on. */
  public int[] tokens(long offset, int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = token(offset + i);
    }
    return ids;
  }

  /** The offset of the document's first token; for {@code documents()} the number of tokens. */
  public long start(int document) {
    return document == documents
        ? tokens
        : offsetFile.get(OFFSET, (long) document * TokenSetWriter.ENTRY);
  }

  /** How many tokens the document has, its end-of-text included. */
  public int length(int document) {
    return Math.toIntExact(start(document + 1) - start(document));
  }

  /** How many UTF-8 bytes the document's text has. */
  public int bytes(int document) {
    return offsetFile.get(INT, (long) document * TokenSetWriter.ENTRY + Long.BYTES);
  }

  /** The document's tokens, its end-of-text included. */
  public int[] document(int document) {
    return tokens(start(document), length(document));
  }

  /** Ids and sources of all documents, in order; read from the file at each call. */
  public List<Name> names() {
    List<Name> names = new ArrayList<>(documents);
    JsonLines.forEach(folder.resolve(TokenSetWriter.NAMES), Name.class, names::add);
    return names;
  }

  /** The ids of some documents; all names are read at each call. */
  public Map<Integer, String> ids(Set<Integer> wanted) {
    Map<Integer, String> ids = new HashMap<>();
    int[] next = {0};
    JsonLines.forEach(
        folder.resolve(TokenSetWriter.NAMES),
        Name.class,
        name -> {
          int document = next[0]++;
          if (wanted.contains(document)) {
            ids.put(document, name.id());
          }
        });
    return ids;
  }

  /** Unmaps the files. */
  @Override
  public void close() {
    arena.close();
  }

  private MemorySegment map(Path file, long size) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != size) {
        throw new TextException(
            "%s has %d bytes, but %s asks for %d: the token set is damaged"
                .formatted(file, channel.size(), TokenSetWriter.SUMMARY, size));
      }
      return channel.map(MapMode.READ_ONLY, 0, size, arena);
    } catch (IOException e) {
      throw new TextException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
