package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GuardStateTest {
  @Test
  void numbersThatAreNotFiniteAreKept() {
    GuardState guard =
        new GuardState(List.of(1.5, Double.NEGATIVE_INFINITY), List.of(Double.NaN, 2.0), 3);
    ObjectNode state = JsonMapper.shared().createObjectNode();
    guard.addTo(state);

    assertThat(GuardState.of(state.path(GuardState.KEY))).isEqualTo(guard);
  }

  @Test
  void aTextThatIsNoNumberIsNamed() {
    String broken = "{\"losses\": [1.5], \"gradientNorms\": [1, \"much\"], \"skipped\": 0}";

    assertThatThrownBy(() -> GuardState.of(JsonMapper.shared().readTree(broken)))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.DATA))
        .hasMessage(
            "trainer_state.json has \"much\" in skipStep.gradientNorms: expected a number, NaN,"
                + " Infinity or -Infinity; use another checkpoint");
  }

  @Test
  void numbersOfDifferentStepsAreRefused() {
    String broken = "{\"losses\": [1.5, 2], \"gradientNorms\": [1], \"skipped\": 0}";

    assertThatThrownBy(() -> GuardState.of(JsonMapper.shared().readTree(broken)))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.DATA))
        .hasMessage(
            "trainer_state.json has 2 losses and 1 gradientNorms in skipStep, which must be of the"
                + " same steps; use another checkpoint");
  }
}
