package dev.modelflow.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of documents packed back to back. Its arrays are shared, not copied: leave them as they are.
 */
public final class PackedRows {
  /** Marks a position whose prediction is not asked for. */
  public static final int NO_TARGET = -1;

  private final int length;
  private final int[] tokens;
  private final int[] positions;
  private final int[] targets;
  private final int[] filled;

  /** Rows over these arrays, of which the first {@code filled} tokens of each row are read. */
  private PackedRows(int length, int[] tokens, int[] positions, int[] targets, int[] filled) {
    this.length = length;
    this.tokens = tokens;
    this.positions = positions;
    this.targets = targets;
    this.filled = filled;
  }

  /** Tokens a row. */
  public int length() {
    return length;
  }

  /** What the model reads, row by row. */
  public int[] tokens() {
    return tokens;
  }

  /** Each token's position in its document, from 0. */
  public int[] positions() {
    return positions;
  }

  /** The token that should follow each, or {@link #NO_TARGET}. */
  public int[] targets() {
    return targets;
  }

  /** Number of rows. */
  public int rows() {
    return tokens.length / length;
  }

  /** Number of tokens read, without padding. */
  public int used() {
    return Arrays.stream(filled).sum();
  }

  /** Number of tokens read of one row, which are its first. */
  public int used(int row) {
    return filled[row];
  }

  /** Whether nothing of a document stands at this index of {@link #tokens}. */
  public boolean isPadding(int index) {
    return index % length >= filled[index / length];
  }

  /** Number of predictions asked for. */
  public int targetCount() {
    return Math.toIntExact(Arrays.stream(targets).filter(target -> target >= 0).count());
  }

  /** The same rows with other targets. */
  public PackedRows withTargets(int[] others) {
    return new PackedRows(length, tokens, positions, others, filled);
  }

  /** Rows {@code from} to before {@code to}. */
  public PackedRows slice(int from, int to) {
    return new PackedRows(
        length,
        Arrays.copyOfRange(tokens, from * length, to * length),
        Arrays.copyOfRange(positions, from * length, to * length),
        Arrays.copyOfRange(targets, from * length, to * length),
        Arrays.copyOfRange(filled, from, to));
  }

  /** How many rows of {@code length} tokens hold at most {@code tokens}, but at least one. */
  public static int within(int tokens, int length) {
    return Math.max(1, tokens / length);
  }

  /**
   * The same rows in parts of at most {@code tokens} tokens, unless a row alone has more, one
   * behind the other.
   */
  public List<PackedRows> parts(int tokens) {
    int each = within(tokens, length);
    if (rows() <= each) {
      return List.of(this);
    }
    List<PackedRows> parts = new ArrayList<>();
    for (int from = 0; from < rows(); from += each) {
      parts.add(slice(from, Math.min(rows(), from + each)));
    }
    return parts;
  }

  /**
   * Packs one row for each list of sequences and fills the rest with padding: tokens 0 without a
   * target, each a document of its own, so that nothing hangs on which token it is.
   *
   * @throws IllegalArgumentException when a list's sequences are longer than a row
   */
  public static PackedRows of(List<List<Sequence>> rows, int length) {
    int size = rows.size() * length;
    PackedRows packed =
        new PackedRows(length, new int[size], new int[size], new int[size], new int[rows.size()]);
    Arrays.fill(packed.targets, NO_TARGET);
    for (int row = 0; row < rows.size(); row++) {
      int at = row * length;
      for (Sequence sequence : rows.get(row)) {
        if (at + sequence.length() > (row + 1) * length) {
          throw new IllegalArgumentException(
              "A row of " + length + " tokens cannot hold sequences of more");
        }
        packed.place(sequence, at);
        at += sequence.length();
      }
      packed.filled[row] = at - row * length;
    }
    return packed;
  }

  private void place(Sequence sequence, int at) {
    for (int i = 0; i < sequence.length(); i++) {
      tokens[at + i] = sequence.token(i);
      targets[at + i] = sequence.target(i);
      positions[at + i] = i;
    }
  }
}
