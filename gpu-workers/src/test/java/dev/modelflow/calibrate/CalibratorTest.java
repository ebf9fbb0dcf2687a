package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CalibratorTest {
  private static final Tuning USUAL = Samples.openBlas("SKYLAKEX");

  @AfterEach
  void noProcessIsLeft() {
    assertThat(ProcessHandle.current().children())
        .noneMatch(child -> child.info().command().orElse("").endsWith("/java"));
  }

  @Test
  void theFastestKernelsWithTheFastestMemoryAreChosen() throws Exception {
    Calibration calibration =
        calibrate(
            Map.of(
                "SKYLAKEX/kept", "100",
                "/kept", "50",
                "HASWELL/kept", "60",
                "ZEN/kept", "130",
                "COOPERLAKE/kept", "99",
                "onednn/SKYLAKEX/kept", "120",
                "ZEN/returned", "90",
                "ZEN/huge-pages", "150"));
    assertThat(calibration.chosen()).isEqualTo(new Tuning(Blas.OPENBLAS, "ZEN", Memory.HUGE_PAGES));
    assertThat(calibration.trials())
        .extracting(Trial::core)
        .as("what OpenBLAS picks by itself is not measured twice")
        .containsExactly("SKYLAKEX", "COOPERLAKE", "HASWELL", "ZEN", "SKYLAKEX", "ZEN", "ZEN");
    assertThat(calibration.beside()).isEqualTo(new Beside(1, 2, 3));
    assertThat(calibration.machine()).isEqualTo(Samples.MACHINE);
  }

  @Test
  void oneDnnIsMeasuredThoughItsOtherProductsAreThoseOfAWayBefore() throws Exception {
    Calibration calibration =
        calibrate(
            Map.of(
                "SKYLAKEX/kept", "100",
                "onednn/SKYLAKEX/kept", "110",
                "onednn/SKYLAKEX/returned", "90"));
    assertThat(calibration.chosen()).isEqualTo(new Tuning(Blas.ONEDNN, "SKYLAKEX", Memory.KEPT));
  }

  @Test
  void stepsInBf16CountAsMuchAsEachOfTheOthers() throws Exception {
    Calibration calibration =
        calibrate(
            Map.of(
                "SKYLAKEX/kept", "100 300",
                "HASWELL/kept", "99 350",
                "ZEN/kept", "110 200",
                "HASWELL/returned", "102 290"));
    assertThat(calibration.chosen()).isEqualTo(Samples.openBlas("HASWELL"));
    assertThat(calibration.trials())
        .filteredOn(trial -> trial.tuning().equals(calibration.chosen()))
        .extracting(Trial::score)
        .containsExactly(new Score(99, 99, 10, 350.0));
  }

  @Test
  void whatIsFasterByNoMoreThanNoiseChangesNothing() throws Exception {
    Calibration calibration =
        calibrate(
            Map.of(
                "SKYLAKEX/kept", "100",
                "/kept", "101",
                "HASWELL/kept", "100",
                "ZEN/kept", "101.9",
                "COOPERLAKE/kept", "101.5",
                "SKYLAKEX/returned", "101",
                "SKYLAKEX/huge-pages", "100"));
    assertThat(calibration.chosen()).isEqualTo(USUAL);
  }

  @Test
  void aWayThatFailsIsNamedWithTheReasonAndTheOthersGoOn() throws Exception {
    Calibration calibration =
        calibrate(
            Map.of(
                "SKYLAKEX/kept", "die",
                "/kept", "babble",
                "HASWELL/kept", "60",
                "ZEN/kept", "crash",
                "COOPERLAKE/kept", "crash",
                "HASWELL/returned", "crash",
                "HASWELL/huge-pages", "hang"));
    assertThat(calibration.chosen()).isEqualTo(Samples.openBlas("HASWELL"));
    assertThat(calibration.trials())
        .filteredOn(trial -> trial.failure() != null)
        .extracting(Trial::failure)
        .containsExactly(
            "it ended with exit code 7",
            "it answered 'ready when you are'",
            "it ended with exit code 132: Illegal instruction",
            "it ended with exit code 132: Illegal instruction",
            "it ended with exit code 132: Illegal instruction",
            "it ended with exit code 132: Illegal instruction",
            "it gave no answer in 10 seconds");
  }

  @Test
  void whereNothingCouldBeMeasuredThereIsNoChoice() {
    assertThatThrownBy(() -> calibrate(Map.of()))
        .isInstanceOf(CalibrationException.class)
        .hasMessage(
            "None of 6 ways to start the engine could be measured; of OpenBLAS SKYLAKEX, keeps freed"
                + " memory: it ended with exit code 132: Illegal instruction");
  }

  private Calibration calibrate(Map<String, String> behaviours)
      throws IOException, InterruptedException {
    Starter starter = FakeProbe.starter(behaviours);
    return new Calibrator(starter, Duration.ofSeconds(10), progress -> {})
        .calibrate(Candidates.of(Samples.AMD, false, true), Samples.MACHINE, "0123456789ab", 2);
  }
}
