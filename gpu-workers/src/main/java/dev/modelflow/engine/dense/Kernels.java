package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.AttentionKernel;
import dev.modelflow.engine.kernel.GateKernel;
import dev.modelflow.engine.kernel.NormKernel;
import dev.modelflow.engine.kernel.QueryKeyKernel;
import dev.modelflow.engine.kernel.SoftmaxKernel;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.tensor.Precision;

/** What one thread computes with; close it to free what products have made. */
record Kernels(
    LinearProducts products,
    NormKernel norm,
    QueryKeyKernel queryKey,
    AttentionKernel attention,
    GateKernel gate,
    SoftmaxKernel softmax)
    implements AutoCloseable {
  /** For a model of this shape, with weights in this precision. */
  static Kernels of(ModelConfig model, Precision precision) {
    return new Kernels(
        LinearProducts.of(precision),
        new NormKernel(model.width(), ModelConfig.EPSILON),
        new QueryKeyKernel(
            model.queryWidth(), model.keyValueWidth(), model.headSize(), ModelConfig.EPSILON),
        new AttentionKernel(model.heads() / model.keyValueHeads(), model.headSize()),
        new GateKernel(model.feedForward()),
        new SoftmaxKernel(model.vocabulary()));
  }

  @Override
  public void close() {
    products.close();
  }
}
