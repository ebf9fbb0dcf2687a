package dev.modelflow.engine.dense;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.SoftmaxKernel;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.tensor.Precision;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The last norm and the vocabulary's softmax at the positions that have a target. Its views belong
 * to the scope it was made in.
 */
final class DenseHead {
  /**
   * Rows of answers' tokens are filled up to a multiple of this: code is made for each number of
   * rows that products have.
   */
  private static final int ROWS = 16;

  private final Kernels kernels;
  private final NormWeight norm;
  private final Linear head;
  private final int[] places;
  private final int[] targets;
  private final float factor;
  private final float[] logDenominators;
  private final float[] logProbs;
  private final boolean sloped;
  private final int tokens;
  private final Matrix selected;
  private final Matrix normed;
  private final Matrix logits;

  /** Those of the logits that belong to a target. */
  private final Matrix asked;

  /**
   * Computes the log-probabilities of the rows' targets.
   *
   * @param stream [tokens, width] behind the last block; it must stay as it is
   * @param temperature that logits are divided by
   * @param known the loss's slopes where they are known before
   * @param space that memory is taken from
   */
  DenseHead(
      Kernels kernels,
      NormWeight norm,
      Linear head,
      Matrix stream,
      PackedRows rows,
      double temperature,
      @Nullable KnownSlopes known,
      Workspace space) {
    this.kernels = kernels;
    this.norm = norm;
    this.head = head;
    tokens = stream.rows();
    places = IntStream.range(0, tokens).filter(i -> rows.targets()[i] >= 0).toArray();
    targets = IntStream.of(places).map(i -> rows.targets()[i]).toArray();
    factor = (float) (1 / temperature);
    logDenominators = new float[targets.length];
    logProbs = new float[targets.length];
    selected = places.length == tokens ? stream : gathered(stream, space);
    normed = space.take(selected.rows(), selected.columns(), head.weight().precision());
    kernels.norm().forward(selected, norm.values(), normed);
    logits = head.forward(normed, space);
    asked = logits.first(targets.length);
    sloped = known != null;
    if (known == null) {
      kernels.softmax().forward(asked, factor, targets, logDenominators, logProbs);
    } else {
      kernels
          .softmax()
          .forwardAndBack(
              asked, factor, targets, known.onTarget(), known.zWeight(), logDenominators, logProbs);
    }
  }

  private Matrix gathered(Matrix stream, Workspace space) {
    int rows = Math.min(tokens, Math.ceilDiv(places.length, ROWS) * ROWS);
    Matrix to = space.take(rows, stream.columns(), Precision.FLOAT32);
    // What fills up the last rows must say nothing of the weights: no value, so no logit or slope.
    to.tensor().zero_();
    Rows.gather(stream, places, to);
    return to;
  }

  /** One for each target, in the order of positions. */
  float[] logProbs() {
    return logProbs;
  }

  /** The sum over the targets of their softmax's squared log-denominators. */
  double squaredLogDenominators() {
    double sum = 0;
    for (float logDenominator : logDenominators) {
      sum += (double) logDenominator * logDenominator;
    }
    return sum;
  }

  /** Turns logits into the slopes at them. */
  private void slope(float[] onTarget, double zWeight) {
    float[] onDenominator = new float[onTarget.length];
    for (int i = 0; i < onDenominator.length; i++) {
      onDenominator[i] = SoftmaxKernel.slope(onTarget[i], zWeight, logDenominators[i]);
    }
    kernels.softmax().backward(asked, factor, targets, logDenominators, onTarget, onDenominator);
  }

  /**
   * Sends the loss's slope back to the stream; overwrites the logits.
   *
   * @param onTarget d loss / d logProb
   * @param space that memory is taken from, the slope's too
   * @return the slope at the stream
   */
  Matrix backward(float[] onTarget, double zWeight, Workspace space) {
    if (!sloped) {
      slope(onTarget, zWeight);
    }
    head.learn(logits, normed, space);
    Matrix onSelected = space.take(selected.rows(), selected.columns(), Precision.FLOAT32);
    kernels
        .norm()
        .backward(
            head.backward(logits, space), selected, norm.values(), onSelected, norm.gradient());
    if (places.length == tokens) {
      return onSelected;
    }
    Matrix slope = space.take(tokens, selected.columns(), Precision.FLOAT32);
    slope.tensor().zero_();
    Rows.scatter(onSelected, places, slope);
    return slope;
  }
}
