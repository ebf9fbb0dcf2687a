package dev.modelflow.engine.data;

import dev.modelflow.text.SpecialToken;
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

  /**
   * Rows over these arrays.
   *
   * @param length tokens a row
   * @param tokens what the model reads, row by row
   * @param positions of each token in its document, from 0
   * @param targets the token that should follow, or {@link #NO_TARGET}
   */
  public PackedRows(int length, int[] tokens, int[] positions, int[] targets) {
    this.length = length;
    this.tokens = tokens;
    this.positions = positions;
    this.targets = targets;
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
    return Math.toIntExact(
        Arrays.stream(tokens).filter(token -> token != SpecialToken.PADDING.id()).count());
  }

  /** Number of predictions asked for. */
  public int targetCount() {
    return Math.toIntExact(Arrays.stream(targets).filter(target -> target >= 0).count());
  }

  /** Rows {@code from} to before {@code to}. */
  public PackedRows slice(int from, int to) {
    return new PackedRows(
        length,
        Arrays.copyOfRange(tokens, from * length, to * length),
        Arrays.copyOfRange(positions, from * length, to * length),
        Arrays.copyOfRange(targets, from * length, to * length));
  }

  /**
   * Packs one row for each list of sequences and fills the rest with padding.
   *
   * @throws IllegalArgumentException when a list's sequences are longer than a row
   */
  public static PackedRows of(List<List<Sequence>> rows, int length) {
    int size = rows.size() * length;
    PackedRows packed = new PackedRows(length, new int[size], new int[size], new int[size]);
    Arrays.fill(packed.tokens, SpecialToken.PADDING.id());
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
