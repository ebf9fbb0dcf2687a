package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Precision;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A linear layer of a graph.
 *
 * @param weight [outputs, inputs], in float32 where it has a gradient
 * @param precision that it multiplies in
 */
record Linear(Tensor weight, Precision precision) {
  /** {@code x W^T}, in float32 as {@code x} is. */
  Tensor of(Tensor x) {
    if (precision == Precision.FLOAT32) {
      return torch.linear(x, weight);
    }
    return torch
        .linear(x.toType(precision.type()), weight.toType(precision.type()))
        .toType(Precision.FLOAT32.type());
  }
}
