package dev.modelflow.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.faults.Observation.Progress;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatedStepsTest {
  @Test
  void theStepOfTheAttemptBeforeIsNotTakenForTheNewOnes() {
    RepeatedSteps steps = new RepeatedSteps();
    steps.see(new Progress("pretrain", 1, 30));
    steps.see(new Progress("pretrain", 2, 30));
    steps.see(new Progress("pretrain", 3, 30));
    steps.see(new Progress("pretrain", 3, 40));

    assertThat(steps.count(Map.of("pretrain", Map.of(2, 20L, 3, 20L)), Map.of("pretrain", 40L)))
        .isEqualTo(10);
  }

  @Test
  void anUndisturbedRunRepeatsNothing() {
    RepeatedSteps steps = new RepeatedSteps();
    steps.see(new Progress("sft", 1, 4));
    steps.see(new Progress("sft", 1, 12));

    assertThat(steps.count(Map.of(), Map.of("sft", 12L))).isZero();
  }
}
