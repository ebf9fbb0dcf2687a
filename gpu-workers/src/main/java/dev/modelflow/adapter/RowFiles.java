package dev.modelflow.adapter;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.stage.StageRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a stage as NumPy files {@code rows-FIRST-LAST.npy}, written a little ahead of the
 * trainer and removed behind it, so that a long stage needs no more room than a short one. Each is
 * an int32 array of step, row, kind and token; the kinds are what is read, what should follow
 * (-100: nothing), and 1 where a document starts, 2 where there is none.
 */
final class RowFiles implements StepTokens {
  private static final int KINDS = 3;
  private static final int IGNORED = -100;
  private static final int START = 1;
  private static final int PADDING = 2;
  private static final long TOKENS_A_FILE = 1 << 22;
  private static final int STEPS_A_FILE = 256;
  private static final int FILES_AHEAD = 3;

  /** A file and the last step in it. */
  private record Written(Path file, int last) {}

  private final Path folder;
  private final StageRows rows;
  private final int steps;
  private final int rowsAStep;
  private final int stepsAFile;
  private final long[] tokens;
  private final int first;
  private final Deque<Written> files = new ArrayDeque<>();
  private int written;

  /**
   * Rows from the step after {@code first} on.
   *
   * @param tokensBefore that the stage learnt up to {@code first}
   */
  RowFiles(Path folder, StageRows rows, int rowsAStep, int first, int steps, long tokensBefore)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.rows = rows;
    this.rowsAStep = rowsAStep;
    this.first = first;
    this.steps = steps;
    stepsAFile = Math.clamp(TOKENS_A_FILE / ((long) rowsAStep * rows.rowLength()), 1, STEPS_A_FILE);
    tokens = new long[steps - first + 1];
    tokens[0] = tokensBefore;
    written = first;
    rows.skipTo(first);
  }

  /** Writes what the trainer, which has made {@code step} steps, may soon need. */
  void follow(int step) throws IOException {
    for (@Nullable Written oldest = files.peek();
        oldest != null && oldest.last() <= step;
        oldest = files.peek()) {
      Files.delete(files.remove().file());
    }
    while (written < steps && files.size() < FILES_AHEAD) {
      write(Math.min(steps, written + stepsAFile));
    }
  }

  @Override
  public long upTo(int step) {
    return tokens[step - first];
  }

  private void write(int last) throws IOException {
    Path file = folder.resolve("rows-%d-%d.npy".formatted(written + 1, last));
    try (NpyFile out = new NpyFile(file, last - written, rowsAStep, KINDS, rows.rowLength())) {
      while (written < last) {
        PackedRows step = rows.next();
        add(step, out);
        written++;
        tokens[written - first] = tokens[written - 1 - first] + step.used();
      }
    }
    files.add(new Written(file, last));
  }

  private static void add(PackedRows step, NpyFile out) throws IOException {
    for (int row = 0; row < step.rows(); row++) {
      PackedRows one = step.slice(row, row + 1);
      out.add(one.tokens());
      out.add(
          Arrays.stream(one.targets())
              .map(target -> target == PackedRows.NO_TARGET ? IGNORED : target)
              .toArray());
      out.add(places(one));
    }
  }

  /** Padding starts nothing, and an empty row is one document. */
  private static int[] places(PackedRows row) {
    int[] places = new int[row.length()];
    for (int i = 0; i < places.length; i++) {
      if (i == 0 || (row.positions()[i] == 0 && !row.isPadding(i))) {
        places[i] = START;
      } else if (row.isPadding(i)) {
        places[i] = PADDING;
      }
    }
    return places;
  }
}
