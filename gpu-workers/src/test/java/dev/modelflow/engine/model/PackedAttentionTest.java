package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class PackedAttentionTest {
  private static final int LENGTH = 24;

  /** As on a GPU, where each head of queries has keys and values of its own. */
  @Test
  void repeatedHeadsTakeAndLearnWhatSharedOnesDo() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      torch.manual_seed(7);
      List<float[]> shared = attended(1);
      torch.manual_seed(7);
      List<float[]> repeated = attended(3);
      for (int i = 0; i < shared.size(); i++) {
        assertThat(repeated.get(i)).containsExactly(shared.get(i), within(2e-5f));
      }
    }
  }

  /** What six heads of queries take from two of keys and values, and all their slopes. */
  private static List<float[]> attended(int times) {
    int[] positions = new int[LENGTH];
    Arrays.setAll(positions, i -> i);
    Tensor query = leaf(6);
    Tensor keys = leaf(2);
    Tensor values = leaf(2);
    Tensor mixed =
        PackedAttention.attend(
            query,
            PackedAttention.repeated(keys, times),
            PackedAttention.repeated(values, times),
            AttentionBias.of(positions, 1, LENGTH, 0));
    mixed.mul(mixed).sum().backward();
    return List.of(
        Tensors.toFloats(mixed.detach()),
        Tensors.toFloats(query.grad()),
        Tensors.toFloats(keys.grad()),
        Tensors.toFloats(values.grad()));
  }

  private static Tensor leaf(int heads) {
    return torch.randn(1, heads, LENGTH, 8).set_requires_grad(true);
  }
}
