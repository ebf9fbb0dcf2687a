package dev.modelflow.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final ModelConfig MODEL = new ModelConfig(1, 4, 1, 6, 10, 8, 0, 10_000, null);
  private static final double RATE = 0.01;
  private static final double DECAY = 0.1;

  @Test
  void threeUpdatesFollowTheClosedForm() {
    LibTorch.start();
    ParameterLayout layout = new ParameterLayout(MODEL);
    try (Parameters weights = Parameters.initialized(layout, new Initialization(0.5, 0.3, 0.7), 1);
        Parameters gradients = new Parameters(layout);
        AdamW optimizer = new AdamW(new AdamW.Settings(0.9, 0.95, 1e-8, DECAY), weights)) {
      for (Entry entry : layout.entries()) {
        check(entry, weights, gradients, optimizer, layout);
      }
    }
  }

  /** Every entry starts a history of its own, so each is checked on a fresh optimizer's state. */
  private static void check(
      Entry entry,
      Parameters weights,
      Parameters gradients,
      AdamW optimizer,
      ParameterLayout layout) {
    double value = weights.read(entry)[0];
    double first = 0;
    double second = 0;
    optimizer.continueAfter(0);
    for (int step = 1; step <= 3; step++) {
      float slope = (float) CounterRandom.of(step, entry.name()).normal(0);
      float[] all = new float[(int) entry.size()];
      all[0] = slope;
      gradients.write(entry, Range.of(all.length), all);
      optimizer.begin();
      long end = entry.offset() + entry.size();
      optimizer.update(gradients.flat(), 0.5, RATE, entry.offset(), end);

      double clipped = 0.5 * slope;
      first = 0.9 * first + 0.1 * clipped;
      second = 0.95 * second + 0.05 * clipped * clipped;
      double mean = first / (1 - Math.pow(0.9, step));
      double square = second / (1 - Math.pow(0.95, step));
      boolean decays = entry.offset() < layout.decayed();
      value = value * (1 - (decays ? RATE * DECAY : 0)) - RATE * mean / (Math.sqrt(square) + 1e-8);
      assertThat((double) weights.read(entry)[0])
          .as("%s after %d", entry.name(), step)
          .isCloseTo(value, within(1e-6));
    }
  }

  @Test
  void embeddingsAloneDoNotDecay() {
    ParameterLayout layout = new ParameterLayout(MODEL);
    for (Entry entry : layout.entries()) {
      boolean spared = entry.name().contains("embed");
      assertThat(entry.offset() >= layout.decayed()).as(entry.name()).isEqualTo(spared);
    }
  }
}
