package dev.modelflow.engine.model;

import dev.modelflow.engine.model.Weights.Dense;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The feed-forward of a block, or of one of its experts. */
final class SwiGlu {
  private SwiGlu() {}

  /** {@code down(silu(gate x) * up x)} of each row of {@code stream}, [rows, width]. */
  static Tensor of(Dense weights, Tensor stream) {
    Tensor gateUp = weights.gateUp().of(stream);
    long inner = gateUp.size(1) / 2;
    Tensor gated = torch.silu(gateUp.narrow(1, 0, inner)).mul(gateUp.narrow(1, inner, inner));
    return weights.down().of(gated);
  }
}
