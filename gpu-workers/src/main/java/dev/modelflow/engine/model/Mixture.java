package dev.modelflow.engine.model;

import dev.modelflow.engine.model.Routings.Routing;
import dev.modelflow.engine.model.Weights.Dense;
import dev.modelflow.engine.model.Weights.Sparse;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass through a mixture of experts. Tokens are sorted by expert, so that each expert
 * multiplies once with all tokens that it was given, however many: none is dropped.
 */
final class Mixture {
  private Mixture() {}

  /**
   * What the experts say of each token.
   *
   * @param stream [tokens, width]
   * @param seen learns what the router said; null: nobody asks
   * @return [tokens, width]
   */
  static Tensor of(Sparse block, Tensor stream, @Nullable Routings seen) {
    Tensor logits = torch.linear(stream, block.router());
    Tensor shares = torch.softmax(logits, 1);
    T_TensorTensor_T top = torch.topk(shares, block.perToken(), 1, true, true);
    if (seen != null) {
      seen.add(new Routing(logits, shares, top.get1()));
    }
    return spoken(block.experts(), block.perToken(), stream, top);
  }

  private static Tensor spoken(
      List<Dense> experts, int perToken, Tensor stream, T_TensorTensor_T top) {
    long[] chosen = Tensors.toLongs(top.get1());
    long[] counts = counts(chosen, experts.size());
    long[] sorted = byExpert(chosen, counts);
    Tensor from = Tensors.longs(sorted, sorted.length);
    Tensor tokens =
        Tensors.longs(Arrays.stream(sorted).map(i -> i / perToken).toArray(), sorted.length);
    TensorVector given =
        torch.split_with_sizes(
            stream.index_select(0, tokens), Arrays.stream(counts).filter(n -> n > 0).toArray(), 0);
    Tensor[] said = new Tensor[Math.toIntExact(given.size())];
    for (int expert = 0, next = 0; expert < counts.length; expert++) {
      if (counts[expert] > 0) {
        said[next] = SwiGlu.of(experts.get(expert), given.get(next));
        next++;
      }
    }
    Tensor weights = top.get0().reshape(-1, 1).index_select(0, from);
    Tensor weighted = torch.cat(new TensorVector(said), 0).mul(weights);
    return torch.index_add(Tensors.zeros(stream.size(0), stream.size(1)), 0, tokens, weighted);
  }

  private static long[] counts(long[] chosen, int experts) {
    long[] counts = new long[experts];
    for (long expert : chosen) {
      counts[(int) expert]++;
    }
    return counts;
  }

  /** The choices' places, those of expert 0 first, each expert's in the order of tokens. */
  private static long[] byExpert(long[] chosen, long[] counts) {
    int[] next = new int[counts.length];
    for (int expert = 1; expert < counts.length; expert++) {
      next[expert] = next[expert - 1] + (int) counts[expert - 1];
    }
    long[] sorted = new long[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      sorted[next[(int) chosen[i]]++] = i;
    }
    return sorted;
  }
}
