package dev.modelflow.engine.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedAnswers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferenceObjectiveTest {
  private static int[] answer(int length) {
    int[] tokens = new int[length];
    Arrays.fill(tokens, 7);
    return tokens;
  }

  /** Chosen: 10 tokens, -20 in all, -22 under the reference; rejected: 30 tokens, -42 and -40. */
  private static PackedAnswers answers() {
    return PackedAnswers.of(
        List.of(
            PackedAnswers.sequence(new int[] {5, 6}, answer(10)),
            PackedAnswers.sequence(new int[] {5, 6}, answer(30))),
        64);
  }

  private static float[] logProbs(PackedAnswers answers) {
    float[] logProbs = new float[40];
    for (int i = 0; i < 40; i++) {
      logProbs[i] = answers.owner(i) == 0 ? -20f / 10 : -42f / 30;
    }
    return logProbs;
  }

  @Test
  void lossMatchesTheHandComputedPair() {
    PackedAnswers answers = answers();
    PreferenceObjective objective =
        new PreferenceObjective(answers, new double[] {-2.2, -40.0 / 30}, 5, 1);
    objective.gradient(logProbs(answers), new float[40]);

    assertThat(objective.outcome().loss()).isCloseTo(0.2339625250775481, within(1e-6));
    assertThat(5 * objective.outcome().margin()).isCloseTo(5 * .2666667, within(1e-5));
    assertThat(objective.outcome().accuracy()).isEqualTo(1);
  }

  @Test
  void equalModelsBeginAtLogTwo() {
    assertThat(PreferenceObjective.loss(5, 0)).isEqualTo(Math.log(2));
  }

  @Test
  void gradientAgreesWithFiniteDifferences() {
    PackedAnswers answers = answers();
    PreferenceObjective objective =
        new PreferenceObjective(answers, new double[] {-2.2, -40.0 / 30}, 5, 1);
    float[] logProbs = logProbs(answers);
    float[] gradient = new float[40];
    objective.gradient(logProbs, gradient);
    for (int i : new int[] {0, 12, 39}) {
      float[] moved = logProbs.clone();
      moved[i] += 0.05f;
      objective.gradient(moved, new float[40]);
      double above = objective.outcome().loss();
      moved[i] -= 0.1f;
      objective.gradient(moved, new float[40]);
      double below = objective.outcome().loss();
      assertThat((double) gradient[i]).isCloseTo((above - below) / 0.1, within(1e-4));
    }
  }
}
