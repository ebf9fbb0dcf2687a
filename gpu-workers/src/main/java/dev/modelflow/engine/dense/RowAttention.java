package dev.modelflow.engine.dense;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.dense.FlashAttention.Mixed;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.model.AttentionBias;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.WindowBlocks;
import dev.modelflow.engine.tensor.Precision;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * How the queries of packed rows meet keys and values, in a layer that sees all or one with a
 * window. Long rows are cut into blocks of a window's length, each of which sees itself and the
 * block before.
 */
final class RowAttention {
  private final ModelConfig model;
  private final int rows;
  private final int length;
  private final boolean inBlocks;
  private final FlashAttention attention;

  private RowAttention(
      ModelConfig model, PackedRows rows, boolean inBlocks, FlashAttention attention) {
    this.model = model;
    this.rows = rows.rows();
    this.length = rows.length();
    this.inBlocks = inBlocks;
    this.attention = attention;
  }

  /** Every token sees all of its document before it. */
  static RowAttention full(ModelConfig model, PackedRows rows) {
    return whole(model, rows, 0);
  }

  /** Every token sees a window of its document. */
  static RowAttention sliding(ModelConfig model, PackedRows rows) {
    int window = model.slidingWindow();
    if (WindowBlocks.cut(window, rows.length())) {
      Tensor bias = AttentionBias.ofBlocks(rows.positions(), window);
      return new RowAttention(model, rows, true, new FlashAttention(bias, false));
    }
    return whole(model, rows, window >= rows.length() ? 0 : window);
  }

  private static RowAttention whole(ModelConfig model, PackedRows rows, int window) {
    FlashAttention attention =
        window == 0 && isOneDocumentEach(rows)
            ? new FlashAttention(null, true)
            : new FlashAttention(
                AttentionBias.of(rows.positions(), rows.rows(), rows.length(), window), true);
    return new RowAttention(model, rows, false, attention);
  }

  /** Padding behind a row's only document is seen by none of its tokens, whatever it sees. */
  private static boolean isOneDocumentEach(PackedRows rows) {
    for (int row = 0; row < rows.rows(); row++) {
      for (int i = 0; i < rows.used(row); i++) {
        if (rows.positions()[row * rows.length() + i] != i) {
          return false;
        }
      }
    }
    return true;
  }

  /** Queries, keys and values of all tokens to what each token takes from them. */
  Mixed forward(Matrix query, Matrix keys, Matrix values) {
    if (!inBlocks) {
      return attention.forward(
          byHead(query.tensor(), rows, length, model.heads()),
          shared(byHead(keys.tensor(), rows, length, model.keyValueHeads())),
          shared(byHead(values.tensor(), rows, length, model.keyValueHeads())));
    }
    int window = model.slidingWindow();
    int blocks = rows * length / window;
    return attention.forward(
        byHead(query.tensor(), blocks, window, model.heads()),
        shared(byHead(withBlockBefore(keys), blocks, 2 * window, model.keyValueHeads())),
        shared(byHead(withBlockBefore(values), blocks, 2 * window, model.keyValueHeads())));
  }

  /** What each token took, [tokens, queryWidth]. */
  Matrix joined(Mixed mixed) {
    return tokens(mixed.result(), model.queryWidth());
  }

  /**
   * The slopes of a pass.
   *
   * @param query [tokens, queryWidth]
   * @param keys [tokens, keyValueWidth]
   * @param values [tokens, keyValueWidth]
   */
  record Slopes(Matrix query, Matrix keys, Matrix values) {}

  /** Sends the slope at {@link #joined} back. */
  Slopes backward(Mixed mixed, Matrix onJoined) {
    Tensor result = mixed.result();
    Tensor slope =
        byHead(
            onJoined.tensor(),
            Math.toIntExact(result.size(0)),
            Math.toIntExact(result.size(2)),
            model.heads());
    List<Tensor> slopes = attention.backward(mixed, slope);
    return new Slopes(
        tokens(slopes.get(0), model.queryWidth()),
        onShared(slopes.get(1)),
        onShared(slopes.get(2)));
  }

  private Matrix onShared(Tensor slope) {
    Tensor own = slope;
    int each = model.heads() / model.keyValueHeads();
    if (each > 1) {
      long[] grouped = {slope.size(0), model.keyValueHeads(), each, slope.size(2), slope.size(3)};
      own = slope.reshape(grouped).sum(2);
    }
    return inBlocks ? onBlockBefore(own) : tokens(own, model.keyValueWidth());
  }

  /** Keys and values of a block have slopes from its own queries and from those of the next. */
  private Matrix onBlockBefore(Tensor slope) {
    long window = model.slidingWindow();
    long blocks = length / window;
    long[] halves = {rows, blocks, 2, window, model.keyValueWidth()};
    Tensor both = slope.transpose(1, 2).reshape(halves);
    Tensor own = both.select(2, 1).contiguous();
    own.narrow(1, 0, blocks - 1).add_(both.select(2, 0).narrow(1, 1, blocks - 1));
    return tokens(own);
  }

  private Tensor shared(Tensor keys) {
    int each = model.heads() / model.keyValueHeads();
    return each == 1 ? keys : keys.repeat_interleave(each, new LongOptional(1), new LongOptional());
  }

  private Tensor byHead(Tensor x, int pieces, int each, int heads) {
    return x.view(pieces, each, heads, model.headSize()).transpose(1, 2);
  }

  private Tensor withBlockBefore(Matrix x) {
    return WindowBlocks.withBlockBefore(x.tensor(), rows, length, model.slidingWindow());
  }

  private Matrix tokens(Tensor byHead, int width) {
    return tokens(byHead.transpose(1, 2).reshape((long) rows * length, width));
  }

  private Matrix tokens(Tensor x) {
    int width = Math.toIntExact(x.numel() / ((long) rows * length));
    Tensor flat = x.reshape((long) rows * length, width).contiguous();
    return Matrix.of(flat, rows * length, width, Precision.FLOAT32);
  }
}
