package dev.modelflow.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FindingsTest {
  /** A run that goes on after a step, with these losses from the next step on. */
  private static OutsideRun run(int started, double... losses) {
    OutsideRun run = new OutsideRun();
    take(run, Map.of("event", "started", "step", started));
    for (int i = 0; i < losses.length; i++) {
      take(
          run,
          Map.of("event", "metrics", "step", started + i + 1, "values", Map.of("loss", losses[i])));
    }
    return run;
  }

  private static void take(OutsideRun run, Map<String, Object> event) {
    run.take(JsonMapper.shared().valueToTree(event));
  }

  private static boolean agree(OutsideRun theirs, OutsideRun ours) {
    Findings findings = new Findings();
    findings.losses("stage", theirs, ours, 0.1);
    return !findings.failed();
  }

  @Test
  void lossesOfTheSameStepsAgreeWithinTheDifferenceThatIsAllowed() {
    assertThat(agree(run(0, 3, 2, 1), run(0, 3, 2.05, 1))).isTrue();
    assertThat(agree(run(0, 3, 2, 1), run(0, 3, 2.2, 1))).isFalse();
    assertThat(agree(run(0, 3, 2, 1), run(0, 3, Double.NaN, 1))).isFalse();
  }

  @Test
  void aRunThatDiedEarlyDoesNotAgree() {
    assertThat(agree(run(0, 3, 2, 1), run(0, 3, 2))).isFalse();
    assertThat(agree(run(0, 3, 2), run(0, 3, 2, 1))).isFalse();
    assertThat(agree(run(0), run(0))).isFalse();
  }

  @Test
  void aRunThatGoesOnIsComparedFromThereOn() {
    assertThat(agree(run(0, 3, 2, 1), run(1, 2, 1))).isTrue();
    assertThat(agree(run(0, 3, 2, 1), run(1, 2))).isFalse();
    assertThat(agree(run(0, 3, 2, 1), run(3))).isFalse();
  }
}
