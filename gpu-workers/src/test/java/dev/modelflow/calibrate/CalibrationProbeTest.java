package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationProbeTest {
  @TempDir private Path folder;

  @Test
  void theEngineIsMeasuredWithTheKernelsThatItWasTold() throws Exception {
    Processor here = Processor.here();
    String told = Kernels.of(here).isEmpty() ? "" : Kernels.of(here).getFirst();
    try (Probe probe = probe(Samples.openBlas(told))) {
      assertThat(probe.ready()).as(probe.failure()).isTrue();
      probe.warmUp();
      assertThat(probe.ready()).as(probe.failure()).isTrue();
      assertThat(probe.round()).as(probe.failure()).isTrue();
      Trial trial = probe.trial().orElseThrow();
      assertThat(trial.core()).isEqualToIgnoringCase(told.isEmpty() ? trial.core() : told);
      Score score = Objects.requireNonNull(trial.score());
      assertThat(score.smallInBf16() != null).isEqualTo(here.hasBf16());
      assertThat(probe.beside())
          .hasValueSatisfying(beside -> assertThat(beside.bfloat16Gemm()).isPositive());
    }
  }

  private Probe probe(Tuning tuning) throws IOException {
    return new Probe(
        tuning,
        way -> TrainerSetup.engineProcess(way, CalibrationProbe.class.getName(), 1, "1"),
        folder,
        Duration.ofMinutes(2));
  }
}
