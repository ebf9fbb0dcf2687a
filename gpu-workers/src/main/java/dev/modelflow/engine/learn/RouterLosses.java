package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Routings;
import dev.modelflow.engine.model.Routings.Routing;
import dev.modelflow.engine.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The losses of a mixture of experts as OLMo-core has them ({@code nn/moe/loss.py}; Switch
 * Transformers, arXiv 2101.03961, equations 4 to 6, and ST-MoE, arXiv 2202.08906, equation 5), and
 * the counts that say whether they do their work.
 *
 * <p>Of a row with {@code T} tokens, of which {@code n_e} went to expert e, the load-balancing loss
 * of a block is {@code E / k * sum_e n_e / T * mean_t share_te}: 1 when all are alike. A step's is
 * the mean over its tokens and the model's blocks. Taken row by row, as OLMo-core's granularity
 * {@code instance} does, it does not depend on how a step is cut into micro-batches. The router's
 * z-loss is the mean squared log of its softmax's denominator. Padding, and rows of which nothing
 * is learnt, do not count.
 */
final class RouterLosses {
  private final Experts experts;
  private final int blocks;
  private final MicroBatch batch;
  private final boolean[] counted;
  private final ExpertLoad load;

  private RouterLosses(Experts experts, int blocks, MicroBatch batch, ExpertLoad load) {
    this.experts = experts;
    this.blocks = blocks;
    this.batch = batch;
    this.load = load;
    counted = counted(batch.rows());
  }

  /**
   * Counts what the routers of a forward pass chose, and adds what its losses go back from.
   *
   * @param seen what routers said, beginning with that of block {@code first}
   */
  static void add(
      ModelConfig model, MicroBatch batch, int first, Routings seen, Roots roots, ExpertLoad load) {
    Experts experts = model.experts();
    if (experts == null) {
      return;
    }
    RouterLosses losses = new RouterLosses(experts, model.layers(), batch, load);
    List<Routing> routings = seen.blocks();
    for (int block = 0; block < routings.size(); block++) {
      losses.add(first + block, routings.get(block), roots);
    }
  }

  /** How many tokens of these rows count. */
  static int tokens(PackedRows rows) {
    int tokens = 0;
    for (boolean counts : counted(rows)) {
      tokens += counts ? 1 : 0;
    }
    return tokens;
  }

  private static boolean[] counted(PackedRows rows) {
    boolean[] counted = new boolean[rows.tokens().length];
    for (int row = 0; row < rows.rows(); row++) {
      boolean learnt = rows.slice(row, row + 1).targetCount() > 0;
      for (int i = row * rows.length(); i < (row + 1) * rows.length(); i++) {
        counted[i] = learnt && !rows.isPadding(i);
      }
    }
    return counted;
  }

  private void add(int block, Routing routing, Roots roots) {
    float[] slopes = balanceSlopes(block, Tensors.toLongs(routing.chosen()));
    double weight = batch.tokenWeight() / blocks;
    if (weight == 0) {
      return;
    }
    Tensor shares = routing.shares().detach();
    Tensor onShares = Tensors.floats(slopes, counted.length, experts.count());
    Tensor denominators = denominators(routing.logits().detach());
    load.addLosses(
        weight * shares.mul(onShares).sum().item_double(),
        weight * denominators.square().sum().item_double());
    roots.add(routing.shares(), onShares.mul_(new Scalar(experts.balanceLoss() * weight)));
    Tensor onLogits = shares.mul(denominators).mul_(new Scalar(2 * experts.routerZLoss() * weight));
    roots.add(routing.logits(), onLogits);
  }

  /** The logs of the softmax's denominators, [tokens, 1]; 0 where a token does not count. */
  private Tensor denominators(Tensor logits) {
    float[] mask = new float[counted.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = counted[i] ? 1 : 0;
    }
    return torch.logsumexp(logits, new long[] {1}, true).mul_(Tensors.floats(mask, mask.length, 1));
  }

  /**
   * What each share of each token adds to the sum, over tokens, of the load-balancing loss: {@code
   * E / (k T) * n_e}, where the counts, which have no slope, are those of the token's row.
   */
  private float[] balanceSlopes(int block, long[] chosen) {
    int count = experts.count();
    float[] slopes = new float[counted.length * count];
    int length = batch.rows().length();
    for (int start = 0; start < counted.length; start += length) {
      long[] given = new long[count];
      int tokens = 0;
      for (int i = start; i < start + length; i++) {
        if (counted[i]) {
          tokens++;
          count(block, chosen, i, given);
        }
      }
      for (int i = start; i < start + length; i++) {
        for (int expert = 0; counted[i] && expert < count; expert++) {
          slopes[i * count + expert] =
              (float) ((double) count * given[expert] / ((double) experts.perToken() * tokens));
        }
      }
    }
    return slopes;
  }

  private void count(int block, long[] chosen, int token, long[] given) {
    for (int i = 0; i < experts.perToken(); i++) {
      int expert = (int) chosen[token * experts.perToken() + i];
      given[expert]++;
      load.count(block, expert);
    }
  }
}
