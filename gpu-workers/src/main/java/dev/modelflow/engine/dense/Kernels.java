package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.AttentionKernel;
import dev.modelflow.engine.kernel.GateKernel;
import dev.modelflow.engine.kernel.NormKernel;
import dev.modelflow.engine.kernel.OneDnnAttention;
import dev.modelflow.engine.kernel.QueryKeyKernel;
import dev.modelflow.engine.kernel.SoftmaxKernel;
import dev.modelflow.engine.kernel.VectorAttention;
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
    LinearProducts products = LinearProducts.of(precision);
    return new Kernels(
        products,
        new NormKernel(model.width(), ModelConfig.EPSILON),
        new QueryKeyKernel(
            model.queryWidth(), model.keyValueWidth(), model.headSize(), ModelConfig.EPSILON),
        attention(products, model, precision),
        new GateKernel(model.feedForward()),
        new SoftmaxKernel(model.vocabulary()));
  }

  /** In bf16 where oneDNN multiplies linear layers so, and heads fit. */
  private static AttentionKernel attention(
      LinearProducts products, ModelConfig model, Precision precision) {
    int sharing = model.heads() / model.keyValueHeads();
    return switch (products) {
      case OneDnnProducts oneDnn
          when precision == Precision.BF16 && OneDnnAttention.fits(model.headSize()) ->
          new OneDnnAttention(oneDnn.multiplier(), sharing, model.headSize());
      case OneDnnProducts _, LibTorchProducts _ -> new VectorAttention(sharing, model.headSize());
    };
  }

  @Override
  public void close() {
    attention.close();
    products.close();
  }
}
