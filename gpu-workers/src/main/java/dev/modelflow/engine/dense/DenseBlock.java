package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.AttentionKernel;
import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Sight;
import dev.modelflow.engine.kernel.Turns;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;
import org.bytedeco.javacpp.PointerScope;

/** One block of the decoder. Its matrices are views that belong to the scope it was made in. */
final class DenseBlock {
  private final int heads;
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
    heads = model.heads();
    this.kernels = kernels;
    Parameters weights = working.weights();
    int d = model.width();
    int queries = model.queryWidth();
    int keys = model.keyValueWidth();
    int inner = model.feedForward();
    queryKeyValue =
        Linear.of(
            kernels.products(),
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
        Linear.of(
            kernels.products(),
            working,
            gradient,
            fresh,
            ParameterLayout.attention(layer, "o_proj"),
            d,
            queries);
    attentionNorm =
        NormWeight.of(
            weights, gradient, ParameterLayout.norm(layer, "post_attention_layernorm"), d);
    gateUp =
        Linear.of(
            kernels.products(),
            working,
            gradient,
            fresh,
            ParameterLayout.feedForward(layer, "gate_proj"),
            2 * inner,
            d);
    down =
        Linear.of(
            kernels.products(),
            working,
            gradient,
            fresh,
            ParameterLayout.feedForward(layer, "down_proj"),
            d,
            inner);
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

  /**
   * Adds what attention and feed-forward say to {@code stream}, [tokens, width] in float32.
   *
   * @param space that all that is kept is taken from
   */
  Kept forward(Matrix stream, Sight sight, Turns turns, Workspace space) {
    Precision precision = queryKeyValue.weight().precision();
    Matrix input = copy(stream, precision, space);
    Matrix projected = queryKeyValue.forward(input, space);
    Precision inAttention = kernels.attention().precision();
    AttentionKernel.Inputs seen = unwritten(stream.rows(), inAttention, space);
    kernels
        .queryKey()
        .forward(projected, queryKeyNorm.values(), turns, seen.query(), seen.keys(), seen.values());
    Matrix mixed = space.take(stream.rows(), output.weight().columns(), inAttention);
    Matrix softmax = space.take(2, heads * stream.rows(), Precision.FLOAT32);
    kernels.attention().forward(seen, sight, mixed, softmax);
    Matrix joined = in(mixed, precision, space);
    Matrix attended = output.forward(joined, space);
    kernels.norm().add(attended, attentionNorm.values(), stream);
    Matrix middle = copy(stream, precision, space);
    Matrix gates = gateUp.forward(middle, space);
    Matrix gated = space.take(stream.rows(), down.weight().columns(), precision);
    kernels.gate().forward(gates, gated);
    Matrix fed = down.forward(gated, space);
    kernels.norm().add(fed, feedForwardNorm.values(), stream);
    return new Kept(
        input, projected, seen, softmax, mixed, joined, attended, middle, gates, gated, fed);
  }

  private AttentionKernel.Inputs unwritten(int tokens, Precision precision, Workspace space) {
    int queryWidth = output.weight().columns();
    int keyWidth = (queryKeyValue.weight().rows() - queryWidth) / 2;
    return new AttentionKernel.Inputs(
        space.take(tokens, queryWidth, precision),
        space.take(tokens, keyWidth, precision),
        space.take(tokens, keyWidth, precision));
  }

  /**
   * Turns the slope at the block's result into that at its input, and adds to the gradients.
   *
   * @param kept by {@link #forward}; of no use afterwards
   * @param space that memory is taken from, for the caller to give back
   */
  void backward(Kept kept, Matrix slope, Sight sight, Turns turns, Workspace space) {
    try (PointerScope _ = new PointerScope()) {
      backThroughFeedForward(kept, slope, space);
      backThroughAttention(kept, slope, sight, turns, space);
    }
  }

  private void backThroughFeedForward(Kept kept, Matrix slope, Workspace space) {
    Matrix onFed = space.take(slope.rows(), slope.columns(), kept.fed().precision());
    backThroughNorm(slope, kept.fed(), feedForwardNorm, onFed);
    down.learn(onFed, kept.gated(), space);
    kernels.gate().backward(down.backward(onFed, space), kept.gateUp(), kept.gateUp());
    gateUp.learn(kept.gateUp(), kept.middle(), space);
    Rows.add(gateUp.backward(kept.gateUp(), space), slope);
  }

  private void backThroughAttention(
      Kept kept, Matrix slope, Sight sight, Turns turns, Workspace space) {
    Precision precision = kept.attended().precision();
    Matrix onAttended = space.take(slope.rows(), slope.columns(), precision);
    backThroughNorm(slope, kept.attended(), attentionNorm, onAttended);
    output.learn(onAttended, kept.joined(), space);
    AttentionKernel.Inputs slopes = unwritten(slope.rows(), Precision.FLOAT32, space);
    kernels
        .attention()
        .backward(
            kept.seen(),
            sight,
            kept.mixed(),
            kept.softmax(),
            output.backward(onAttended, space),
            slopes);
    Matrix onProjected = space.take(slope.rows(), kept.projected().columns(), precision);
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
    queryKeyValue.learn(onProjected, kept.input(), space);
    Rows.add(queryKeyValue.backward(onProjected, space), slope);
  }

  private void backThroughNorm(Matrix slope, Matrix from, NormWeight norm, Matrix to) {
    kernels.norm().backward(slope, from, norm.values(), to, norm.gradient());
  }

  /** The same values in this precision: the same matrix where it has it. */
  private static Matrix in(Matrix matrix, Precision precision, Workspace space) {
    return matrix.precision() == precision ? matrix : copy(matrix, precision, space);
  }

  private static Matrix copy(Matrix matrix, Precision precision, Workspace space) {
    Matrix copy = space.take(matrix.rows(), matrix.columns(), precision);
    Rows.copy(matrix, copy);
    return copy;
  }
}
