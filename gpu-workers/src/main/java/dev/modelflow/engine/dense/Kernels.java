package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.AttentionKernel;
import dev.modelflow.engine.kernel.GateKernel;
import dev.modelflow.engine.kernel.NormKernel;
import dev.modelflow.engine.kernel.QueryKeyKernel;
import dev.modelflow.engine.kernel.SoftmaxKernel;
import dev.modelflow.engine.model.ModelConfig;

/** What one thread computes with besides products. */
record Kernels(
    NormKernel norm,
    QueryKeyKernel queryKey,
    AttentionKernel attention,
    GateKernel gate,
    SoftmaxKernel softmax) {
  /** For a model of this shape. */
  static Kernels of(ModelConfig model) {
    return new Kernels(
        new NormKernel(model.width(), ModelConfig.EPSILON),
        new QueryKeyKernel(
            model.queryWidth(), model.keyValueWidth(), model.headSize(), ModelConfig.EPSILON),
        new AttentionKernel(model.heads() / model.keyValueHeads(), model.headSize()),
        new GateKernel(model.feedForward()),
        new SoftmaxKernel(model.vocabulary()));
  }
}
