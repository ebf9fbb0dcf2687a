package dev.modelflow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventWriterTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong nanoTime = new AtomicLong();

  private EventWriter writer() {
    return new EventWriter(
        new PrintStream(written, false, StandardCharsets.UTF_8), () -> false, nanoTime::get);
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String progress(int step, int tokens, double speed) {
    return "{\"event\":\"progress\",\"step\":%d,\"totalSteps\":9,\"tokens\":%d,\"tokensPerSecond\":%s}"
        .formatted(step, tokens, speed);
  }

  @Test
  void aSignOfLifeIsTheLatestProgressAgainAlsoOneThatWasTooEarlyToBeWritten() {
    EventWriter events = writer();
    events.goesOn();
    assertThat(lines()).isEmpty();
    events.prepares(3, 9, 30);
    events.goesOn();
    events.progress(4, 9, 40, 5);
    events.goesOn();
    assertThat(lines()).containsExactly(progress(3, 30, 0));
    pass(Duration.ofSeconds(1));
    events.goesOn();
    events.goesOn();
    assertThat(lines()).containsExactly(progress(3, 30, 0), progress(4, 40, 5));
  }

  @Test
  void afterTheLastStepSignsAreNoMoreThanBefore() {
    EventWriter events = writer();
    events.progress(8, 9, 80, 5);
    events.progress(9, 9, 90, 5);
    events.goesOn();
    assertThat(lines()).containsExactly(progress(8, 80, 5), progress(9, 90, 5));
  }

  /** Each block and each tensor takes more than half of the worker's patience. */
  @ParameterizedTest
  @CsvSource({"8, false", "1, false", "1, true"})
  void aStepThatTakesLongerThanAWorkerWaitsIsNotSilent(
      int rows, boolean recomputing, @TempDir Path root) throws Exception {
    ToyFlow flow = new ToyFlow(root);
    EventWriter events =
        new EventWriter(
            new PrintStream(written, false, StandardCharsets.UTF_8),
            () -> false,
            () -> nanoTime.addAndGet(Duration.ofSeconds(61).toNanos()));
    String parameters =
        """
        {"mix": {"words": 1}, "steps": 1, "rows": %d, "microBatchTokens": 48, "learningRate": 0.01,
         "activationCheckpointing": %s}
        """
            .formatted(rows, recomputing);
    Stages.run(flow.spec(StageKind.PRETRAIN, parameters, "output", null), events);

    List<String> lines = lines();
    int started = 0;
    while (!lines.get(started).contains("\"event\":\"started\"")) {
      started++;
    }
    assertThat(started).isPositive();
    String still = "\"event\":\"progress\",\"step\":0,\"totalSteps\":1";
    assertThat(lines.subList(0, started)).allMatch(line -> line.contains(still));
    // Forward and back through each block of each row.
    assertThat(lines.subList(started, lines.size()).stream().filter(line -> line.contains(still)))
        .hasSizeGreaterThanOrEqualTo(rows * 2 * ToyFlow.MODEL.layers());
  }
}
