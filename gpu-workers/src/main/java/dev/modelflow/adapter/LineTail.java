package dev.modelflow.adapter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines that another process appends to a file, each once and only when it is whole. */
final class LineTail {
  private static final int MOST_AT_ONCE = 1 << 20;

  private final Path file;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private long read;

  /** A tail of this file, which need not exist yet. */
  LineTail(Path file) {
    this.file = file;
  }

  /** The lines that were completed since the last call. */
  List<String> next() throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      return lines;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(read);
      byte[] bytes = new byte[MOST_AT_ONCE];
      for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
        read += count;
        take(bytes, count, lines);
      }
    }
    return lines;
  }

  private void take(byte[] bytes, int count, List<String> lines) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, start, i - start);
        lines.add(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
        start = i + 1;
      }
    }
    begun.write(bytes, start, count - start);
  }
}
