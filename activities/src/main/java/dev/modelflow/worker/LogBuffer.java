package dev.modelflow.worker;

import dev.modelflow.ledger.LogChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines of an attempt's log that wait to be written, numbered from 1. Holds no more than the
 * ledger keeps: while that is away, the oldest lines give way.
 */
final class LogBuffer {
  static final int LONGEST_LINE = 2_000;
  static final int CHUNK_LINES = 100;
  static final int CHUNK_CHARACTERS = 16_384;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

  // The ledger takes no zero bytes and no half characters.
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}&&[^\\t]]");

  private final Deque<String> lines = new ArrayDeque<>();
  private long firstLine = 1;
  private long characters;

  /** Adds one line or more. */
  synchronized void add(String text) {
    if (text.isEmpty()) {
      append("");
    }
    text.lines().map(LogBuffer::printable).forEach(this::append);
  }

  private static String printable(String line) {
    int surplus = line.length() - LONGEST_LINE;
    String start = surplus > 0 ? line.substring(0, LONGEST_LINE) : line;
    String plain = COLOURS.matcher(start).replaceAll("");
    String clean = UNPRINTABLE.matcher(plain).replaceAll("\ufffd");
    return surplus > 0 ? clean + " [%d characters left out]".formatted(surplus) : clean;
  }

  private void append(String line) {
    lines.addLast(line);
    characters += line.length();
    while (lines.size() > LogChunk.MOST_LINES || characters > LogChunk.MOST_BYTES) {
      removeFirst();
    }
  }

  private void removeFirst() {
    characters -= lines.removeFirst().length();
    firstLine++;
  }

  /** What waits, oldest first, in pieces small enough that the ledger can delete one by one. */
  synchronized List<LogChunk> waiting() {
    List<LogChunk> chunks = new ArrayList<>();
    List<String> piece = new ArrayList<>();
    int length = 0;
    long next = firstLine;
    for (String line : lines) {
      if (piece.size() == CHUNK_LINES
          || (!piece.isEmpty() && length + line.length() > CHUNK_CHARACTERS)) {
        chunks.add(new LogChunk(next, List.copyOf(piece)));
        next += piece.size();
        piece.clear();
        length = 0;
      }
      piece.add(line);
      length += line.length();
    }
    if (!piece.isEmpty()) {
      chunks.add(new LogChunk(next, List.copyOf(piece)));
    }
    return chunks;
  }

  /** Forgets what {@link #waiting} had answered, once that is in the ledger. */
  synchronized void written(List<LogChunk> chunks) {
    long end = chunks.isEmpty() ? 0 : chunks.getLast().end();
    while (!lines.isEmpty() && firstLine < end) {
      removeFirst();
    }
  }
}
