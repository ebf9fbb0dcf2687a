package dev.modelflow.engine.dense;

import dev.modelflow.engine.dense.FlashAttention.Mixed;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
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
      Mixed mixed,
      Matrix joined,
      Matrix attended,
      Matrix middle,
      Matrix gateUp,
      Matrix gated,
      Matrix fed) {}

  /** Adds what attention and feed-forward say to {@code stream}, [tokens, width] in float32. */
  Kept forward(Matrix stream, RowAttention attention, Turns turns) {
    Precision precision = queryKeyValue.weight().precision();
    Matrix input = copy(stream, precision);
    Matrix projected = queryKeyValue.forward(input);
    Mixed mixed = mixed(projected, attention, turns);
    Matrix joined = in(attention.joined(mixed), precision);
    Matrix attended = output.forward(joined);
    kernels.norm().add(attended, attentionNorm.values(), stream);
    Matrix middle = copy(stream, precision);
    Matrix gates = gateUp.forward(middle);
    Matrix gated = Matrix.empty(stream.rows(), down.weight().columns(), precision);
    kernels.gate().forward(gates, gated);
    Matrix fed = down.forward(gated);
    kernels.norm().add(fed, feedForwardNorm.values(), stream);
    return new Kept(input, projected, mixed, joined, attended, middle, gates, gated, fed);
  }

  private Mixed mixed(Matrix projected, RowAttention attention, Turns turns) {
    int queryWidth = output.weight().columns();
    int keyWidth = (projected.columns() - queryWidth) / 2;
    Matrix query = Matrix.empty(projected.rows(), queryWidth, Precision.FLOAT32);
    Matrix keys = Matrix.empty(projected.rows(), keyWidth, Precision.FLOAT32);
    Matrix values = Matrix.empty(projected.rows(), keyWidth, Precision.FLOAT32);
    kernels.queryKey().forward(projected, queryKeyNorm.values(), turns, query, keys, values);
    return attention.forward(query, keys, values);
  }

  /**
   * Turns the slope at the block's result into that at its input, and adds to the gradients.
   *
   * @param kept by {@link #forward}; of no use afterwards
   */
  void backward(Kept kept, Matrix slope, RowAttention attention, Turns turns) {
    try (PointerScope _ = new PointerScope()) {
      backThroughFeedForward(kept, slope);
    }
    try (PointerScope _ = new PointerScope()) {
      backThroughAttention(kept, slope, attention, turns);
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

  private void backThroughAttention(Kept kept, Matrix slope, RowAttention attention, Turns turns) {
    Precision precision = kept.attended().precision();
    Matrix onAttended = Matrix.empty(slope.rows(), slope.columns(), precision);
    backThroughNorm(slope, kept.attended(), attentionNorm, onAttended);
    output.learn(onAttended, kept.joined());
    Matrix onJoined = in(output.backward(onAttended), Precision.FLOAT32);
    RowAttention.Slopes slopes = attention.backward(kept.mixed(), onJoined);
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
