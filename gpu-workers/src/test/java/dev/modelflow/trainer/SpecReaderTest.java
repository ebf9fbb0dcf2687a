package dev.modelflow.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {
  private static final String FLOAT32 = ", \"precision\": \"float32\"";
  private static final String BF16 = ", \"precision\": \"bf16\"";

  @TempDir private Path folder;

  private Path spec(String ofParameters, String ofDevice) throws IOException {
    return Files.writeString(
        folder.resolve("spec.json"),
        """
        {"contract": 1, "stage": "base", "kind": "pretrain", "seed": 3,
         "model": {"layers": 1, "width": 16, "heads": 2, "feedForward": 24, "vocabulary": 260,
                   "context": 32, "slidingWindow": 8},
         "parameters": {"steps": 1%s}, "resume": null, "output": "output",
         "device": {"kind": "cpu", "threads": 2%s}}
        """
            .formatted(ofParameters, ofDevice));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "''; ''; FLOAT32",
        "''; " + FLOAT32 + "; FLOAT32",
        FLOAT32 + "; " + FLOAT32 + "; FLOAT32",
        BF16 + "; " + BF16 + "; BF16",
        BF16 + "; ''; BF16"
      },
      delimiter = ';',
      quoteCharacter = '\'')
  void theDevicesPrecisionIsTheStages(String ofParameters, String ofDevice, Precision precision)
      throws IOException {
    assertThat(SpecReader.read(spec(ofParameters, ofDevice)).stage().settings().precision())
        .isEqualTo(precision);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "''; bf16; float32",
        FLOAT32 + "; bf16; float32",
        BF16 + "; float32; bf16",
        "''; fp8; float32"
      },
      delimiter = ';',
      quoteCharacter = '\'')
  void aDeviceOfAnotherPrecisionThanTheStagesIsRefused(
      String ofParameters, String named, String asked) throws IOException {
    Path spec = spec(ofParameters, ", \"precision\": \"" + named + "\"");
    assertThatThrownBy(() -> SpecReader.read(spec))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.PLATFORM))
        .hasMessage(
            "The spec's device.precision is %s, but stage base trains in %s: make them the same",
            named, asked);
  }

  @Test
  void aPrecisionThatThereIsNotIsTheRecipesFault() throws IOException {
    String fp8 = ", \"precision\": \"fp8\"";
    Path spec = spec(fp8, fp8);
    assertThatThrownBy(() -> SpecReader.read(spec))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.RECIPE))
        .hasMessage("stages.base.precision is \"fp8\": use one of float32, bf16");
  }
}
