package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.adapter.OutsideProgress.Lost;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Numbers that our scripts tell. */
class OutsideProgressTest {
  @TempDir private Path folder;

  private OutsideProgress read(RecordedEvents events, String... lines) throws Exception {
    Path file = Files.writeString(folder.resolve("progress"), String.join("\n", lines) + "\n");
    Settings settings =
        new Settings("base", JsonMapper.shared().readTree("{\"steps\": 2, \"metricsEvery\": 2}"));
    OutsideProgress progress = new OutsideProgress(file, settings, 0, new ToldTokens(0, 0), events);
    progress.read();
    return progress;
  }

  @Test
  void aValueThatMeansNothingIsLeftOutOfTheMean() throws Exception {
    RecordedEvents events = new RecordedEvents();
    OutsideProgress progress =
        read(
            events,
            "{\"step\": 1, \"values\": {\"reward\": 0.5, \"ratio\": null}}",
            "{\"step\": 2, \"values\": {\"reward\": null, \"ratio\": null}}");

    assertThat(progress.lost()).isNull();
    assertThat(events.metric(2, "reward")).isEqualTo(0.5);
  }

  @Test
  void theFirstStepWhoseNumbersAreNoneIsNamed() throws Exception {
    OutsideProgress progress =
        read(
            new RecordedEvents(),
            "{\"step\": 1, \"values\": {\"loss\": \"-Infinity\"}}",
            "{\"step\": 2, \"values\": {\"loss\": \"NaN\"}}");

    assertThat(progress.lost()).isEqualTo(new Lost(1, "loss is -Infinity at step 1"));
  }

  @Test
  void aCheckpointIsAllowedWhenTheNumbersOfItsStepsAreKnown() throws Exception {
    OutsideProgress progress =
        read(
            new RecordedEvents(),
            "{\"step\": 1, \"values\": {\"loss\": 1}}",
            "{\"step\": 2, \"time\": 1}");

    assertThat(progress.allows(1)).isTrue();
    assertThat(progress.allows(2)).isFalse();
    progress.ends();
    assertThat(progress.allows(2)).isTrue();
  }

  @Test
  void aTrainerThatBreaksOffAtALossNamesTheStepThatIsLost() throws Exception {
    String said = "RuntimeError: nan loss encountered at step 2";
    OutsideProgress progress =
        read(
            new RecordedEvents(),
            "{\"step\": 1, \"values\": {\"loss\": 1}}",
            "{\"error\": \"%s\"}".formatted(said));

    assertThat(progress.lost()).isEqualTo(new Lost(2, said));
    progress.ends();
    assertThat(progress.allows(1)).isTrue();
    assertThat(progress.allows(2)).isFalse();
  }

  @Test
  void aTextThatIsNoNumberIsNamed() {
    assertThatThrownBy(
            () -> read(new RecordedEvents(), "{\"step\": 1, \"values\": {\"loss\": \"much\"}}"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The trainer's progress has \"much\" as loss of step 1: expected a number, NaN,"
                + " Infinity or -Infinity");
  }

  @Test
  void aSkippedStepMayHaveNoOtherNumberThatIsInfinite() throws Exception {
    OutsideProgress progress =
        read(
            new RecordedEvents(),
            "{\"step\": 1, \"values\": {\"loss\": 1, \"gradientNorm\": \"Infinity\"}, \"counts\": {\"skippedSteps\": 1}}",
            "{\"step\": 2, \"values\": {\"loss\": \"Infinity\", \"gradientNorm\": 1}, \"counts\": {\"skippedSteps\": 1}}");

    assertThat(progress.lost()).isEqualTo(new Lost(2, "loss is Infinity at step 2"));
  }
}
