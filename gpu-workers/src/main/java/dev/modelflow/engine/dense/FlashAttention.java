package dev.modelflow.engine.dense;

import dev.modelflow.engine.tensor.Operation;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Libtorch's attention on the processor, which keeps no scores.
 *
 * @param bias added to the scores, [rows or 1, 1, queries, keys]; null: none
 * @param causal whether no query sees a key behind its own place, whatever the bias says
 */
record FlashAttention(@Nullable Tensor bias, boolean causal) {
  private static final Operation FORWARD =
      new Operation("_scaled_dot_product_flash_attention_for_cpu");
  private static final Operation BACKWARD =
      new Operation("_scaled_dot_product_flash_attention_for_cpu_backward");
  private static final double NO_DROPOUT = 0;

  /**
   * What the slopes are made of.
   *
   * @param query [rows, heads, queries, headSize]
   * @param keys [rows, heads, keys, headSize]
   * @param values [rows, heads, keys, headSize]
   * @param result [rows, heads, queries, headSize]
   * @param logDenominators of the scores' softmax
   */
  record Mixed(Tensor query, Tensor keys, Tensor values, Tensor result, Tensor logDenominators) {}

  Mixed forward(Tensor query, Tensor keys, Tensor values) {
    List<Tensor> both =
        FORWARD.call(
            new IValue(query),
            new IValue(keys),
            new IValue(values),
            new IValue(NO_DROPOUT),
            new IValue(causal),
            biasOrNone(),
            new IValue());
    return new Mixed(query, keys, values, both.get(0), both.get(1));
  }

  /** The slopes at queries, keys and values, each of their shape. */
  List<Tensor> backward(Mixed mixed, Tensor slope) {
    return BACKWARD.call(
        new IValue(slope),
        new IValue(mixed.query()),
        new IValue(mixed.keys()),
        new IValue(mixed.values()),
        new IValue(mixed.result()),
        new IValue(mixed.logDenominators()),
        new IValue(NO_DROPOUT),
        new IValue(causal),
        biasOrNone(),
        new IValue());
  }

  private IValue biasOrNone() {
    return bias == null ? new IValue() : new IValue(bias);
  }
}
