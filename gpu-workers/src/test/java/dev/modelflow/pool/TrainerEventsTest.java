package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.ledger.Evaluation;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TrainerEventsTest {
  @Property(tries = 300)
  void noLineMakesTheReaderFail(@ForAll String line) {
    assertThat(TrainerEvents.parse(line)).isNotNull();
  }

  @Property(tries = 300)
  void noObjectMakesTheReaderFail(@ForAll String event, @ForAll String value) {
    String line =
        "{\"event\":\"%s\",\"step\":\"%s\",\"values\":[1],\"outputs\":7}"
            .formatted(event.replaceAll("[^a-z]", ""), value.replaceAll("[^a-z0-9]", ""));
    assertThat(TrainerEvents.parse(line)).isNotNull();
  }

  @Test
  void readsTheEventsOfTheContract() {
    assertThat(TrainerEvents.parse("{\"event\":\"started\",\"step\":4,\"totalSteps\":9}"))
        .isEqualTo(new TrainerEvent.Started(4, 9L));
    assertThat(
            TrainerEvents.parse(
                "{\"event\":\"checkpoint\",\"step\":4,\"tokens\":40,\"path\":\"output/step-4\"}"))
        .isEqualTo(new TrainerEvent.Checkpoint(4, 40, "output/step-4"));
    assertThat(
            TrainerEvents.parse(
                """
                {"event":"evaluation","task":"maths","metric":"accuracy","value":0.5,
                 "standardError":0.1,"samples":25,"higherIsBetter":true}\
                """))
        .isEqualTo(
            new TrainerEvent.Evaluated(new Evaluation("maths", "accuracy", 0.5, 0.1, 25, true)));
    assertThat(
            TrainerEvents.parse("{\"event\":\"failed\",\"class\":\"recipe\",\"message\":\"why\"}"))
        .isEqualTo(new TrainerEvent.Failed(FailureClass.RECIPE, "why"));
    assertThat(
            TrainerEvents.parse(
                """
                {"event":"done","outputs":{"checkpoint":{"kind":"checkpoint","path":"output/a",
                 "properties":{"step":4}}}}\
                """))
        .isEqualTo(
            new TrainerEvent.Done(
                Map.of(
                    "checkpoint",
                    new TrainerEvent.Output("checkpoint", "output/a", Map.of("step", "4")))));
  }

  @Test
  void numbersThatAreNoneAreLeftOut() {
    assertThat(
            TrainerEvents.parse(
                "{\"event\":\"metrics\",\"step\":1,\"values\":{\"a\":1.5,\"b\":null,\"c\":\"x\"}}"))
        .isEqualTo(new TrainerEvent.Metrics(1, Map.of("a", 1.5)));
  }

  @Test
  void aFailureOfAnUnknownClassIsThePlatforms() {
    assertThat(TrainerEvents.parse("{\"event\":\"failed\",\"class\":\"moon\",\"message\":\"x\"}"))
        .isEqualTo(new TrainerEvent.Failed(FailureClass.PLATFORM, "x"));
  }
}
