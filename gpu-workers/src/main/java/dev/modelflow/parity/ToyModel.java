package dev.modelflow.parity;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Range;

/**
 * A small random model in which everything that sets Olmo 3 apart has an effect: seven layers, so
 * that the last is full out of turn, a window, grouped queries, YaRN over eight times the context,
 * and norms that scale each value differently.
 */
final class ToyModel {
  static final ModelConfig SHAPE =
      new ModelConfig(7, 128, 4, 192, 512, 128, 64, 10_000, null).extended(8).withKeyValueHeads(2);

  /** One whose embeddings are its head, too, with two full layers, grouped queries and no YaRN. */
  static final ModelConfig TIED =
      new ModelConfig(5, 64, 4, 2, 16, 96, 512, 512, 64, 10_000, null, true, null);

  /** The same for a mixture of experts, with losses heavy enough to be seen in every gradient. */
  static final ModelConfig SPARSE =
      new ModelConfig(3, 64, 4, 48, 512, 128, 0, 10_000, null)
          .extended(4)
          .withKeyValueHeads(2)
          .withExperts(new Experts(8, 3, 0.5, 0.1));

  private static final double EMBEDDING_DEVIATION = 0.5;
  private static final double LINEAR_DEVIATION = 0.1;
  private static final double NORM_DEVIATION = 0.2;

  /** Of what experts say; so small that the norm behind them does not hide how it is weighted. */
  private static final double EXPERT_DEVIATION = 0.003;

  private ToyModel() {}

  /** The weights, always the same; close them to free them. */
  static Parameters weights(ModelConfig shape) {
    Parameters weights = new Parameters(new ParameterLayout(shape));
    for (Entry entry : weights.layout().entries()) {
      weights.write(entry, Range.of(entry.size()), values(entry));
    }
    return weights;
  }

  /** {@code count} random tokens, none of them special. */
  static int[] tokens(String purpose, int count) {
    CounterRandom random = CounterRandom.of(1, purpose);
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = 4 + random.below(SHAPE.vocabulary() - 4, i);
    }
    return tokens;
  }

  private static float[] values(Entry entry) {
    CounterRandom random = CounterRandom.of(1, entry.name());
    boolean norm = entry.shape().size() == 1;
    double mean = norm ? 1 : 0;
    double deviation = norm ? NORM_DEVIATION : deviation(entry.name());
    float[] values = new float[Math.toIntExact(entry.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.normal(i));
    }
    return values;
  }

  private static double deviation(String matrix) {
    if (matrix.equals(ParameterLayout.EMBEDDING)) {
      return EMBEDDING_DEVIATION;
    }
    boolean said = matrix.contains(".experts.") && matrix.contains("down_proj");
    return said ? EXPERT_DEVIATION : LINEAR_DEVIATION;
  }
}
