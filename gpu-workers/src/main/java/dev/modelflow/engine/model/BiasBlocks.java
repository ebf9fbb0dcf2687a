package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The biases of long rows, cut into blocks of queries, so that they grow with a row's length and
 * not with its square. All blocks look into one band of which each sees a part; only a block within
 * which a document begins has a bias of its own, and reads no further back than where the first of
 * its documents begins.
 */
final class BiasBlocks {
  /** Queries of a block. Rows that are no longer are not cut. */
  static final int QUERIES = 1024;

  /** A GPU reads biases where they lie if rows of them begin at a multiple of so many values. */
  private static final int ALIGNMENT = 8;

  private final int[] seen;
  private final int length;
  private final int window;

  private BiasBlocks(int[] positions, int length, int window) {
    this.length = length;
    this.window = window;
    seen = new int[positions.length];
    long[] reaches = AttentionBias.reaches(positions, window);
    Arrays.setAll(seen, i -> i % length - (int) reaches[i]);
  }

  /**
   * The blocks of rows whose tokens see what {@link AttentionBias#of} says.
   *
   * @param positions of each token in its document, row by row
   * @param queries of a block
   */
  static List<BiasBlock> of(int[] positions, int length, int window, int queries) {
    return new BiasBlocks(positions, length, window).blocks(queries);
  }

  /**
   * The queries and keys of a block.
   *
   * @param alike whether every query sees all from {@code first} to itself, but for a window
   */
  private record Span(int from, int to, int first, boolean alike) {
    int queries() {
      return to - from;
    }

    int keys() {
      return to - first;
    }

    int before() {
      return from - first;
    }
  }

  private List<BiasBlock> blocks(int queries) {
    List<Span> spans = new ArrayList<>();
    for (int from = 0; from < length; from += queries) {
      spans.add(span(from, Math.min(length, from + queries)));
    }
    int before = spans.stream().mapToInt(Span::before).max().orElse(0);
    Tensor band = alone(() -> band(queries, before));
    List<BiasBlock> blocks = new ArrayList<>();
    for (Span span : spans) {
      Tensor part = part(band, before, span);
      Tensor bias = span.alike() ? part : alone(() -> withoutOthers(part, span));
      blocks.add(new BiasBlock(span.from(), span.to(), span.first(), bias));
    }
    return blocks;
  }

  private Span span(int from, int to) {
    int first = from;
    for (int start = 0; start < seen.length; start += length) {
      for (int column = from; column < to; column++) {
        first = Math.min(first, seen[start + column]);
      }
    }
    return areAlike(from, to, first)
        ? new Span(from, to, first, true)
        : new Span(from, to, first / ALIGNMENT * ALIGNMENT, false);
  }

  private boolean areAlike(int from, int to, int first) {
    for (int start = 0; start < seen.length; start += length) {
      for (int column = from; column < to; column++) {
        int reached = window == 0 ? first : Math.max(first, column - window + 1);
        if (seen[start + column] != reached) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * What queries see of one endless document: a column's place is {@code before} less than that of
   * the row's query. There is room to look into it at any place that is aligned.
   */
  private Tensor band(int queries, int before) {
    long rows = queries + ALIGNMENT - 1L;
    long columns = aligned(before + rows);
    Tensor band = hidden(rows, columns).triu_(before + 1L);
    return window == 0
        ? band
        : band.add_(hidden(rows, columns).tril_((long) before - window), new Scalar(1));
  }

  private static Tensor hidden(long rows, long columns) {
    return Tensors.zeros(rows, columns).fill_(new Scalar(Double.NEGATIVE_INFINITY));
  }

  /** The band is the same along its diagonals, so one may go down to where columns are aligned. */
  private static Tensor part(Tensor band, int before, Span span) {
    long shift = (long) before - span.before();
    long column = aligned(shift);
    return band.narrow(0, column - shift, span.queries())
        .narrow(1, column, span.keys())
        .unsqueeze(0)
        .unsqueeze(0);
  }

  private static long aligned(long count) {
    return Math.ceilDiv(count, ALIGNMENT) * ALIGNMENT;
  }

  /** The same where keys of documents before a query's own are hidden. */
  private Tensor withoutOthers(Tensor part, Span span) {
    int rows = seen.length / length;
    long[] firsts = new long[rows * span.queries()];
    Arrays.setAll(
        firsts,
        i -> {
          int row = i / span.queries();
          return seen[row * length + span.from() + i % span.queries()] - (long) span.first();
        });
    Tensor first = Tensors.longs(firsts, rows, 1, span.queries(), 1);
    Tensor key = Tensors.longs(LongStream.range(0, span.keys()).toArray(), span.keys());
    return part.masked_fill(key.lt(first), new Scalar(Double.NEGATIVE_INFINITY));
  }

  /** Frees what the tensor was made of. */
  private static Tensor alone(Supplier<Tensor> made) {
    Tensor kept;
    try (PointerScope _ = new PointerScope()) {
      kept = Tensors.keep(made.get());
    }
    return Tensors.intoScope(kept);
  }
}
