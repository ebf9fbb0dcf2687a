package dev.modelflow.pool;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of a stream of text. */
final class ErrorTail {
  private static final int LINES = 20;

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  synchronized String text() {
    return String.join("\n", lines);
  }
}
