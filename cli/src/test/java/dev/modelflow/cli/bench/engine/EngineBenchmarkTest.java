package dev.modelflow.cli.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.engine.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchmarkTest {
  private static final BenchSize TOY = new BenchSize("toy", 2, 16, 2, 24, 300, 32, 8, 4);

  @TempDir private Path folder;

  /** Answers as the script does, in which one column does not work. */
  private Path python() throws IOException {
    return program(
        """
        while read -r line; do
          case $line in
            "compile bf16 "*) echo '{"failure": "no compiler"}' ;;
            *) echo '{"tokens": 1000, "seconds": 0.5}' ;;
          esac
        done
        """);
  }

  private Path program(String script) throws IOException {
    Path file = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void theEngineAndPytorchAreMeasuredByTurns() throws Exception {
    List<String> said = new ArrayList<>();
    EngineBenchReport report =
        EngineBenchmark.measure(
            new EngineOptions(Device.CPU, 1, List.of(TOY), 2, 0.02, 20),
            new Pytorch(python(), "a stand-in"),
            said::add);

    assertThat(said).contains("toy: warming up", "toy: round 2 of 2");
    assertThat(report.starts())
        .hasSize(5)
        .allMatch(each -> each.startedSeconds() > 0)
        .allMatch(each -> each.firstStepSeconds() > each.startedSeconds());
    assertThat(report.memory()).extracting(MemoryRow::steps).containsExactly(20, 20);
    assertThat(report.memory()).allMatch(row -> row.megabytes().stream().allMatch(mb -> mb > 20));
    assertThat(report.engine())
        .isNotEmpty()
        .allMatch(row -> row.rate().rounds().size() == 2)
        .allMatch(row -> row.peakShare() > 0 && row.peakShare() < 1)
        .allMatch(row -> row.timesPytorch() != null);
    assertThat(report.pytorch()).extracting(PytorchRow::column).isEqualTo(Pytorch.COLUMNS);
    assertThat(report.pytorch().getFirst().rate().rounds()).containsExactly(2000.0, 2000.0);
    assertThat(report.pytorch().getLast().rate().failure()).isEqualTo("no compiler");
  }

  @Test
  void aProcessThatEndsIsNamed() throws Exception {
    try (MeasuredProcess process =
        MeasuredProcess.start(
            "PyTorch", new ProcessBuilder(program("read -r line; exit 3").toString()))) {
      assertThatThrownBy(() -> process.ask("eager bf16 1"))
          .isInstanceOf(IOException.class)
          .hasMessage("PyTorch ended with exit code 3");
    }
  }

  @Test
  void whereNoTrainerStartsItsReasonIsTold() throws Exception {
    Path trainer =
        program(
            "echo '{\"event\": \"failed\", \"class\": \"platform\", \"message\": \"There is no GPU\"}'");

    try (MeasuredTrainer started = MeasuredTrainer.start(new ProcessBuilder(trainer.toString()))) {
      assertThatThrownBy(() -> StartMeasure.of(started))
          .isInstanceOf(StackException.class)
          .hasMessage("No trainer starts: There is no GPU");
    }
  }

  /** Without CUDA in the build, or without a GPU. */
  @Test
  void aGpuThatNoTrainerCanUseIsRefusedBeforeAnythingIsMeasured() {
    EngineOptions options = new EngineOptions(Device.CUDA, 1, List.of(TOY), 1, 1, 0);
    List<String> said = new ArrayList<>();

    assertThatThrownBy(() -> EngineBenchmark.measure(options, Pytorch.unwanted(), said::add))
        .isInstanceOf(StackException.class)
        .message()
        .containsAnyOf(
            "No trainer starts: This libtorch has no CUDA: build with -Pcuda", "finds no GPU");
    assertThat(said).containsExactly("starting trainers");
  }

  @Test
  void whereTheParityLaneNeverRanThereIsASentenceInThePlaceOfPytorch() throws Exception {
    Pytorch none = Pytorch.ofParityLane(folder);

    assertThat(none.python()).isNull();
    assertThat(none.said())
        .startsWith("PyTorch is not measured: there is none in " + folder)
        .contains("modelflow test --parity");
  }

  @Test
  void aPythonWithoutPytorchIsRefused() throws Exception {
    Path python = program("echo \"ModuleNotFoundError: No module named 'torch'\"; exit 1");

    assertThatThrownBy(() -> Pytorch.of(python))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            python
                + " has no PyTorch (ModuleNotFoundError: No module named 'torch'): install it there, or name another with --python");
  }
}
