package dev.modelflow.text;

import dev.modelflow.text.TokenSet.Name;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A token set without its tokens: which documents it has, and how long they are. */
public final class TokenSetIndex {
  /** The files that are read. */
  public static final List<String> FILES =
      List.of(TokenSetWriter.SUMMARY, TokenSetWriter.OFFSETS, TokenSetWriter.NAMES);

  private final Path folder;
  private final long[] starts;

  private TokenSetIndex(Path folder, long[] starts) {
    this.folder = folder;
    this.starts = starts;
  }

  /** Reads the lengths; throws {@link TextException} when sizes do not agree. */
  public static TokenSetIndex open(Path folder) {
    JsonNode summary = Json.read(folder.resolve(TokenSetWriter.SUMMARY));
    int documents = summary.path("documents").asInt(-1);
    Path file = folder.resolve(TokenSetWriter.OFFSETS);
    try {
      if (Files.size(file) != (long) documents * TokenSetWriter.ENTRY) {
        throw new TextException(
            "%s has %d bytes, but %s says %d documents: the token set is damaged"
                .formatted(file, Files.size(file), TokenSetWriter.SUMMARY, documents));
      }
      return new TokenSetIndex(folder, starts(file, documents, summary.path("tokens").asLong(-1)));
    } catch (IOException e) {
      throw new TextException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static long[] starts(Path file, int documents, long tokens) throws IOException {
    long[] starts = new long[documents + 1];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        DataInputStream entries = new DataInputStream(in)) {
      for (int document = 0; document < documents; document++) {
        starts[document] = Long.reverseBytes(entries.readLong());
        entries.readInt();
      }
    }
    starts[documents] = tokens;
    return starts;
  }

  /** The number of documents. */
  public int documents() {
    return starts.length - 1;
  }

  /** How many tokens the document has, its end-of-text included. */
  public int length(int document) {
    return Math.toIntExact(starts[document + 1] - starts[document]);
  }

  /** The documents of this id: one, unless the corpus has it twice. */
  public List<Integer> find(String id) {
    List<Integer> found = new ArrayList<>();
    int[] next = {0};
    JsonLines.forEach(
        folder.resolve(TokenSetWriter.NAMES),
        Name.class,
        name -> {
          if (name.id().equals(id)) {
            found.add(next[0]);
          }
          next[0]++;
        });
    return found;
  }
}
