package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.AttentionKernel;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Sight;
import dev.modelflow.engine.kernel.Turns;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;
import org.bytedeco.javacpp.PointerScope;

/** One block of the decoder. Its matrices are views that belong to the scope it was made in. */
final class DenseBlock {
  private final Kernels kernels;
  private final Linear queryKeyValue;
  private final NormWeight queryKeyNorm;
  private final Linear output;
  private final NormWeight attentionNorm;
  private final Linear gateUp;
  private final Linear down;
  private final NormWeight feedForwardNorm;

  /** The block of this layer; see {@link Linear} for {@code fresh}. */
  DenseBlock(
      ModelConfig model,
      int layer,
      Kernels kernels,
      WorkingWeights working,
      Parameters gradient,
      boolean fresh) {
    this.kernels = kernels;
    Parameters weights = working.weights();
    int d = model.width();
    int queries = model.queryWidth();
    int keys = model.keyValueWidth();
    int inner = model.feedForward();
    queryKeyValue =
        Linear.of(
            working,
            gradient,
            fresh,
            ParameterLayout.attention(layer, "q_proj"),
            queries + 2 * keys,
            d);
    queryKeyNorm =
        NormWeight.of(
            weights, gradient, ParameterLayout.attention(layer, "q_norm"), queries + keys);
    output =
        Linear.of(working, gradient, fresh, ParameterLayout.attention(layer, "o_proj"), d, queries);
    attentionNorm =
        NormWeight.of(
            weights, gradient, ParameterLayout.norm(layer, "post_attention_layernorm"), d);
    gateUp =
        Linear.of(
            working,
            gradient,
            fresh,
            ParameterLayout.feedForward(layer, "gate_proj"),
            2 * inner,
            d);
    down =
        Linear.of(
            working, gradient, fresh, ParameterLayout.feedForward(layer, "down_proj"), d, inner);
    feedForwardNorm =
        NormWeight.of(
            weights, gradient, ParameterLayout.norm(layer, "post_feedforward_layernorm"), d);
  }

  /** What the slopes are made of: the input of every layer, norm and gate. */
  record Kept(
      Matrix input,
      Matrix projected,
      AttentionKernel.Inputs seen,
      Matrix softmax,
      Matrix mixed,
      Matrix joined,
      Matrix attended,
      Matrix middle,
      Matrix gateUp,
      Matrix gated,
      Matrix fed) {}

  /** Adds what attention and feed-forward say to {@code stream}, [tokens, width] in float32. */
  Kept forward(Matrix stream, Sight sight, Turns turns) {
    Precision precision = queryKeyValue.weight().precision();
    Matrix input = copy(stream, precision);
    Matrix projected = queryKeyValue.forward(input);
    AttentionKernel.Inputs seen = unwritten(stream.rows());
    kernels
        .queryKey()
        .forward(projected, queryKeyNorm.values(), turns, seen.query(), seen.keys(), seen.values());
    Matrix mixed = Matrix.empty(stream.rows(), output.weight().columns(), Precision.FLOAT32);
    Matrix softmax = kernels.attention().forward(seen, sight, mixed);
    Matrix joined = in(mixed, precision);
    Matrix attended = output.forward(joined);
    kernels.norm().add(attended, attentionNorm.values(), stream);
    Matrix middle = copy(stream, precision);
    Matrix gates = gateUp.forward(middle);
    Matrix gated = Matrix.empty(stream.rows(), down.weight().columns(), precision);
    kernels.gate().forward(gates, gated);
    Matrix fed = down.forward(gated);
    kernels.norm().add(fed, feedForwardNorm.values(), stream);
    return new Kept(
        input, projected, seen, softmax, mixed, joined, attended, middle, gates, gated, fed);
  }

  private AttentionKernel.Inputs unwritten(int tokens) {
    int queryWidth = output.weight().columns();
    int keyWidth = (queryKeyValue.weight().rows() - queryWidth) / 2;
    return new AttentionKernel.Inputs(
        Matrix.empty(tokens, queryWidth, Precision.FLOAT32),
        Matrix.empty(tokens, keyWidth, Precision.FLOAT32),
        Matrix.empty(tokens, keyWidth, Precision.FLOAT32));
  }

  /**
   * Turns the slope at the block's result into that at its input, and adds to the gradients.
   *
   * @param kept by {@link #forward}; of no use afterwards
   */
  void backward(Kept kept, Matrix slope, Sight sight, Turns turns) {
    try (PointerScope _ = new PointerScope()) {
      backThroughFeedForward(kept, slope);
    }
    try (PointerScope _ = new PointerScope()) {
      backThroughAttention(kept, slope, sight, turns);
    }
  }

  private void backThroughFeedForward(Kept kept, Matrix slope) {
    Matrix onFed = Matrix.empty(slope.rows(), slope.columns(), kept.fed().precision());
    backThroughNorm(slope, kept.fed(), feedForwardNorm, onFed);
    down.learn(onFed, kept.gated());
    kernels.gate().backward(down.backward(onFed), kept.gateUp(), kept.gateUp());
    gateUp.learn(kept.gateUp(), kept.middle());
    Rows.add(gateUp.backward(kept.gateUp()), slope);
  }

  private void backThroughAttention(Kept kept, Matrix slope, Sight sight, Turns turns) {
    Precision precision = kept.attended().precision();
    Matrix onAttended = Matrix.empty(slope.rows(), slope.columns(), precision);
    backThroughNorm(slope, kept.attended(), attentionNorm, onAttended);
    output.learn(onAttended, kept.joined());
    AttentionKernel.Inputs slopes = unwritten(slope.rows());
    kernels
        .attention()
        .backward(
            kept.seen(), sight, kept.mixed(), kept.softmax(), output.backward(onAttended), slopes);
    Matrix onProjected = Matrix.empty(slope.rows(), kept.projected().columns(), precision);
    kernels
        .queryKey()
        .backward(
            slopes.query(),
            slopes.keys(),
            slopes.values(),
            kept.projected(),
            queryKeyNorm.values(),
            turns,
            onProjected,
            queryKeyNorm.gradient());
    queryKeyValue.learn(onProjected, kept.input());
    Rows.add(queryKeyValue.backward(onProjected), slope);
  }

  private void backThroughNorm(Matrix slope, Matrix from, NormWeight norm, Matrix to) {
    kernels.norm().backward(slope, from, norm.values(), to, norm.gradient());
  }

  /** The same values in this precision: the same matrix where it has it. */
  private static Matrix in(Matrix matrix, Precision precision) {
    return matrix.precision() == precision ? matrix : copy(matrix, precision);
  }

  private static Matrix copy(Matrix matrix, Precision precision) {
    Matrix copy = Matrix.empty(matrix.rows(), matrix.columns(), precision);
    Rows.copy(matrix, copy);
    return copy;
  }
}
