package dev.modelflow.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.calibrate.Beside;
import dev.modelflow.calibrate.Blas;
import dev.modelflow.calibrate.Calibration;
import dev.modelflow.calibrate.Machine;
import dev.modelflow.calibrate.Memory;
import dev.modelflow.calibrate.Score;
import dev.modelflow.calibrate.Trial;
import dev.modelflow.calibrate.Tuning;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CalibrationReportTest {
  private static final Tuning USUAL = new Tuning(Blas.OPENBLAS, "", Memory.KEPT);
  private static final Tuning FAST = new Tuning(Blas.OPENBLAS, "SKYLAKEX", Memory.KEPT);

  @Test
  void theGainIsOverTheUsualWayAtBothSizes() {
    CalibrationReport report =
        CalibrationReport.of(calibration(FAST, new Beside(100, 400, 600)), USUAL);
    assertThat(report.gain()).hasValueSatisfying(it -> assertThat(it).isCloseTo(2, within(1e-9)));
    assertThat(report.oneLane())
        .hasValueSatisfying(it -> assertThat(it).isCloseTo(0.5, within(1e-9)));
    assertThat(report.bfloat16()).contains(3.0);
    assertThat(report.lines())
        .extracting(CalibrationReport.Line::way)
        .containsExactly(
            "OpenBLAS, keeps freed memory",
            "OpenBLAS SKYLAKEX, keeps freed memory",
            "MKL, keeps freed memory");
    assertThat(report.lines().getLast().failure()).contains("it ended with exit code 1");
    assertThat(report.lines().getLast().small()).isEmpty();
    assertThat(report.lines().getLast().smallInBf16()).isEmpty();
    assertThat(report.lines().get(1).smallInBf16()).contains(2000.0);
    assertThat(report.json().path("chosen").path("kernels").asString()).isEqualTo("SKYLAKEX");
  }

  @Test
  void theUsualWayGainsNothing() {
    CalibrationReport report = CalibrationReport.of(calibration(USUAL, null), USUAL);
    assertThat(report.gain()).contains(1.0);
    assertThat(report.oneLane()).isEqualTo(Optional.empty());
  }

  private static Calibration calibration(Tuning chosen, @Nullable Beside beside) {
    return new Calibration(
        Calibration.FORMAT,
        Instant.EPOCH,
        new Machine("a processor", "0123456789ab", 2, "libtorch 1"),
        "0123456789ab",
        2,
        List.of(
            new Trial(USUAL, "Zen", new Score(200, 200, 100, 1000.0), null),
            new Trial(FAST, "SkylakeX", new Score(400, 400, 200, 2000.0), null),
            new Trial(
                new Tuning(Blas.MKL, "", Memory.KEPT), "", null, "it ended with exit code 1")),
        chosen,
        beside);
  }
}
