package dev.modelflow.engine.learn;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.ranks.Ranks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * How the tokens of a step were spread over the experts of each block, and the losses that keep
 * them spread. Padding is not counted. Each lane has one of its own; they are then added up.
 */
public final class ExpertLoad {
  private final long[][] tokens;
  private double balanceLoss;
  private double routerZLoss;
  private boolean losses;

  /** Nothing so far, for a model of this shape, with or without experts. */
  public ExpertLoad(ModelConfig model) {
    Experts experts = model.experts();
    tokens = experts == null ? new long[0][0] : new long[model.layers()][experts.count()];
  }

  /** Counts a token that a block's router sent to an expert. */
  void count(int block, int expert) {
    tokens[block][expert]++;
  }

  /** Adds a part of a block's share of the two losses, not yet weighted. */
  void addLosses(double balance, double z) {
    balanceLoss += balance;
    routerZLoss += z;
    losses = true;
  }

  /** All of these together. */
  static ExpertLoad sum(ModelConfig model, List<ExpertLoad> parts) {
    ExpertLoad sum = new ExpertLoad(model);
    for (ExpertLoad part : parts) {
      for (int block = 0; block < sum.tokens.length; block++) {
        for (int expert = 0; expert < sum.tokens[block].length; expert++) {
          sum.tokens[block][expert] += part.tokens[block][expert];
        }
      }
      sum.balanceLoss += part.balanceLoss;
      sum.routerZLoss += part.routerZLoss;
      sum.losses |= part.losses;
    }
    return sum;
  }

  /** The same over all ranks, which call this together. */
  ExpertLoad over(Ranks ranks, ModelConfig model) {
    if (tokens.length == 0) {
      return this;
    }
    DoubleStream counts = Arrays.stream(tokens).flatMapToLong(Arrays::stream).asDoubleStream();
    DoubleStream rest = DoubleStream.of(balanceLoss, routerZLoss, losses ? 1 : 0);
    double[] all = ranks.sum(DoubleStream.concat(counts, rest).toArray());
    ExpertLoad sum = new ExpertLoad(model);
    int next = 0;
    for (long[] block : sum.tokens) {
      for (int expert = 0; expert < block.length; expert++) {
        block[expert] = (long) all[next++];
      }
    }
    sum.balanceLoss = all[next];
    sum.routerZLoss = all[next + 1];
    sum.losses = all[next + 2] > 0;
    return sum;
  }

  /**
   * Numbers for the curves; none where no expert was given a token. {@code loadImbalance} is the
   * largest load of an expert over the mean of its block's, in the worst block: 1 when all are
   * alike, the number of experts over those per token when the router has collapsed; {@code
   * loadImbalance.N} is that of the N-th block, from 1. {@code idleExperts} is how many of all
   * blocks' experts were given no token. {@code balanceLoss} (1 when all are alike) and {@code
   * routerZLoss} are the means over blocks, where the step has them.
   */
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    if (Arrays.stream(tokens).flatMapToLong(Arrays::stream).sum() == 0) {
      return values;
    }
    values.put(
        "loadImbalance", Arrays.stream(tokens).mapToDouble(ExpertLoad::imbalance).max().orElse(1));
    for (int block = 0; block < tokens.length; block++) {
      values.put("loadImbalance." + (block + 1), imbalance(tokens[block]));
    }
    values.put(
        "idleExperts",
        (double) Arrays.stream(tokens).flatMapToLong(Arrays::stream).filter(n -> n == 0).count());
    if (losses) {
      values.put("balanceLoss", balanceLoss);
      values.put("routerZLoss", routerZLoss);
    }
    return values;
  }

  private static double imbalance(long[] block) {
    return Arrays.stream(block).max().orElse(0) / Arrays.stream(block).average().orElse(1);
  }
}
