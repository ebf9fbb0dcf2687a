package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceTest {
  private static final Tuning FASTEST = new Tuning(Blas.OPENBLAS, "COOPERLAKE", Memory.HUGE_PAGES);
  private static final String USUAL =
      "Trainers start in the usual way (OpenBLAS SKYLAKEX, keeps freed memory): ";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("calibration.json");
  }

  @Test
  void trainersStartInTheWayThatWasFastest() throws IOException {
    CalibrationFile.write(file, Samples.calibration(FASTEST));
    Choice choice = choice(Samples.MACHINE);
    assertThat(choice.tuning()).isEqualTo(FASTEST);
    assertThat(choice.reason()).isEqualTo(Choice.Reason.CALIBRATED);
    assertThat(choice.message())
        .isEqualTo(
            "Trainers start as %s found fastest (OpenBLAS COOPERLAKE, keeps freed memory in huge pages)"
                .formatted(file));
  }

  @Test
  void whereNobodyHasMeasuredTheUsualWayHolds() {
    Choice choice = choice(Samples.MACHINE);
    assertThat(choice.tuning()).isEqualTo(Tuning.usual(Samples.AMD));
    assertThat(choice.reason()).isEqualTo(Choice.Reason.NEVER);
    assertThat(choice.message())
        .isEqualTo(
            USUAL
                + "this machine was never measured; to do so, run: modelflow calibrate, or in containers: modelflow stack calibrate");
  }

  @Test
  void whatWasMeasuredElsewhereDoesNotHold() throws IOException {
    CalibrationFile.write(file, Samples.calibration(FASTEST));
    Machine newer =
        new Machine("AMD EPYC", Samples.MACHINE.flags(), 2, "libtorch 2.11.0-1.5.14 and MKL");
    Choice choice = choice(newer);
    assertThat(choice.tuning()).isEqualTo(Tuning.usual(Samples.AMD));
    assertThat(choice.reason()).isEqualTo(Choice.Reason.OTHER_MACHINE);
    assertThat(choice.message())
        .isEqualTo(
            USUAL
                + file
                + " was measured on AMD EPYC, 2 cores, libtorch 2.10.0-1.5.13, and this is AMD EPYC,"
                + " 2 cores, libtorch 2.11.0-1.5.14 and MKL; run: modelflow calibrate, or in containers: modelflow stack calibrate");
  }

  @Test
  void kernelsThatWouldKillTheTrainerAreNotChosen() throws IOException {
    CalibrationFile.write(file, Samples.calibration(Samples.openBlas("SAPPHIRERAPIDS")));
    Choice choice = choice(Samples.MACHINE);
    assertThat(choice.tuning()).isEqualTo(Tuning.usual(Samples.AMD));
    assertThat(choice.reason()).isEqualTo(Choice.Reason.UNREADABLE);
    assertThat(choice.message())
        .contains("chooses kernels 'SAPPHIRERAPIDS', which this processor cannot run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{}", "{\"format\": 2}", "a word"})
  void aFileThatHoldsSomethingElseIsNamedAndTheUsualWayHolds(String text) throws IOException {
    Files.writeString(file, text);
    Choice choice = choice(Samples.MACHINE);
    assertThat(choice.tuning()).isEqualTo(Tuning.usual(Samples.AMD));
    assertThat(choice.reason()).isEqualTo(Choice.Reason.UNREADABLE);
    assertThat(choice.message())
        .startsWith(USUAL + file + " holds no calibration (")
        .endsWith("); run: modelflow calibrate, or in containers: modelflow stack calibrate")
        .doesNotContain("\n");
  }

  @Test
  void aFolderInItsPlaceIsNamedToo() throws IOException {
    Files.createDirectory(file);
    assertThat(choice(Samples.MACHINE).message()).contains(file + " cannot be read");
  }

  private Choice choice(Machine machine) {
    return Choice.of(file, Samples.AMD, machine);
  }
}
