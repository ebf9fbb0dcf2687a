package dev.modelflow.text;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a token set: {@code tokens.bin} (ids of 16 bits, or of 32 for a vocabulary above 65,536;
 * little endian, documents back to back, each ending with end-of-text), {@code documents.bin} (a
 * document: 64-bit offset of its first token, 32-bit length of its text in UTF-8 bytes; little
 * endian), {@code documents.jsonl.zst} (a document: id and source) and {@code tokenset.json} (the
 * sums, the tokenizer's digest, and the form of the ids where it is not the first one).
 */
public final class TokenSetWriter implements AutoCloseable {
  static final String TOKENS = "tokens.bin";
  static final String OFFSETS = "documents.bin";
  static final String NAMES = "documents.jsonl.zst";
  static final String SUMMARY = "tokenset.json";
  static final int ENTRY = Long.BYTES + Integer.BYTES;

  private final Path folder;
  private final String tokenizer;
  private final TokenForm form;
  private final OutputStream tokenFile;
  private final OutputStream offsetFile;
  private final OutputStream nameFile;
  private long tokens;
  private long documents;
  private long bytes;

  /**
   * Begins a token set in {@code folder}, which must exist, of a tokenizer that curate trained.
   *
   * @param digest SHA-256 of the {@code tokenizer.json} that made the ids
   */
  public TokenSetWriter(Path folder, String digest) {
    this(folder, digest, TokenForm.PLAIN);
  }

  /**
   * Begins a token set in {@code folder}, which must exist.
   *
   * @param digest SHA-256 of the {@code tokenizer.json} that made the ids
   * @param tokenizer of that file
   */
  public TokenSetWriter(Path folder, String digest, Tokenizer tokenizer) {
    this(folder, digest, TokenForm.of(tokenizer));
  }

  private TokenSetWriter(Path folder, String digest, TokenForm form) {
    this.folder = folder;
    this.tokenizer = digest;
    this.form = form;
    try {
      tokenFile = output(folder.resolve(TOKENS));
      offsetFile = output(folder.resolve(OFFSETS));
      nameFile = new ZstdOutputStream(output(folder.resolve(NAMES)), 3);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a token set in " + folder, e);
    }
  }

  /**
   * Adds a document.
   *
   * @param ids its tokens without end-of-text, which is added
   * @param textBytes length of its text in UTF-8 bytes
   */
  public void add(String id, String source, int[] ids, int textBytes) {
    ByteBuffer packed =
        ByteBuffer.allocate((ids.length + 1) * form.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int token : ids) {
      form.put(packed, token);
    }
    form.put(packed, form.endOfText());
    ByteBuffer entry = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
    entry.putLong(tokens).putInt(textBytes);
    Map<String, String> name = new LinkedHashMap<>();
    name.put("id", id);
    name.put("source", source);
    try {
      tokenFile.write(packed.array());
      offsetFile.write(entry.array());
      nameFile.write(Json.MAPPER.writeValueAsBytes(name));
      nameFile.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a token set in " + folder, e);
    }
    tokens += ids.length + 1;
    documents++;
    bytes += textBytes;
  }

  /** Tokens so far, end-of-text included. */
  public long tokens() {
    return tokens;
  }

  /** Documents so far. */
  public long documents() {
    return documents;
  }

  /** UTF-8 bytes of text so far. */
  public long bytes() {
    return bytes;
  }

  /** Completes the files. */
  @Override
  public void close() {
    try (tokenFile;
        offsetFile;
        nameFile) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("tokens", tokens);
      summary.put("documents", documents);
      summary.put("bytes", bytes);
      summary.put("tokenizer", tokenizer);
      summary.putAll(form.summary());
      Json.write(folder.resolve(SUMMARY), summary);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a token set in " + folder, e);
    }
  }

  private static OutputStream output(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }
}
