package dev.modelflow.ledger;

import java.util.List;

/**
 * Lines of an attempt's log that follow each other. The ledger keeps the newest chunks of an
 * attempt as far as they are within {@link #MOST_LINES} and {@link #MOST_BYTES} together.
 *
 * @param firstLine number of the first line in the attempt's log, from 1
 * @param lines without line ends; at least one
 */
public record LogChunk(long firstLine, List<String> lines) {
  /** The most lines that are kept of one attempt. */
  public static final int MOST_LINES = 2_000;

  /** The most bytes in UTF-8 that are kept of one attempt. */
  public static final int MOST_BYTES = 256 * 1024;

  /** Number of the line that follows the last one. */
  public long end() {
    return firstLine + lines.size();
  }
}
