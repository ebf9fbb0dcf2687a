package dev.modelflow.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationCheckTest {
  @TempDir private Path folder;

  @Test
  void aMachineThatWasNeverMeasuredWorksAndIsToldHow() {
    Check check = Doctor.calibration(folder.resolve("calibration.json"));
    assertThat(check.state()).isEqualTo(Check.State.OK);
    assertThat(check.message())
        .endsWith(
            "this machine was never measured; to do so, run: modelflow calibrate, or in containers: modelflow stack calibrate");
  }

  @Test
  void aDamagedFileIsAWarning() throws IOException {
    Path file = Files.writeString(folder.resolve("calibration.json"), "{\"format\": 1");
    Check check = Doctor.calibration(file);
    assertThat(check.state()).isEqualTo(Check.State.WARNING);
    assertThat(check.message())
        .contains(file + " holds no calibration")
        .endsWith("; run: modelflow calibrate, or in containers: modelflow stack calibrate");
  }
}
