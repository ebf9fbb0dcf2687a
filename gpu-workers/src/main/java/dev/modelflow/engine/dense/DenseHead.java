package dev.modelflow.engine.dense;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.stream.IntStream;

/**
 * The last norm and the vocabulary's softmax at the positions that have a target. Its matrices
 * belong to the scope it was made in.
 */
final class DenseHead {
  private final Kernels kernels;
  private final NormWeight norm;
  private final Linear head;
  private final int[] places;
  private final int[] targets;
  private final float factor;
  private final float[] logDenominators;
  private final float[] logProbs;
  private final int tokens;
  private final Matrix selected;
  private final Matrix normed;
  private final Matrix logits;

  /**
   * Computes the log-probabilities of the rows' targets.
   *
   * @param stream [tokens, width] behind the last block; it must stay as it is
   * @param temperature that logits are divided by
   * @param space that memory is taken from
   */
  DenseHead(
      Kernels kernels,
      NormWeight norm,
      Linear head,
      Matrix stream,
      PackedRows rows,
      double temperature,
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
    kernels.softmax().forward(logits, factor, targets, logDenominators, logProbs);
  }

  private Matrix gathered(Matrix stream, Workspace space) {
    Matrix to = space.take(places.length, stream.columns(), Precision.FLOAT32);
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

  /**
   * Sends the loss's slope back to the stream; overwrites the logits.
   *
   * @param onTarget d loss / d logProb
   * @param space that memory is taken from, the slope's too
   * @return the slope at the stream
   */
  Matrix backward(float[] onTarget, double zWeight, Workspace space) {
    float[] onDenominator = new float[onTarget.length];
    for (int i = 0; i < onDenominator.length; i++) {
      onDenominator[i] = (float) (2 * zWeight * logDenominators[i] - onTarget[i]);
    }
    kernels.softmax().backward(logits, factor, targets, logDenominators, onTarget, onDenominator);
    head.learn(logits, normed, space);
    Matrix onSelected = space.take(selected.rows(), selected.columns(), Precision.FLOAT32);
    kernels
        .norm()
        .backward(
            head.backward(logits, space), selected, norm.values(), onSelected, norm.gradient());
    if (places.length == tokens) {
      return onSelected;
    }
    Matrix slope =
        Matrix.of(
            Tensors.zeros(tokens, selected.columns()),
            tokens,
            selected.columns(),
            Precision.FLOAT32);
    Rows.scatter(onSelected, places, slope);
    return slope;
  }
}
