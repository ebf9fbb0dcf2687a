package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.calibrate.Blas;
import dev.modelflow.calibrate.Calibration;
import dev.modelflow.calibrate.CalibrationFile;
import dev.modelflow.calibrate.Candidates;
import dev.modelflow.calibrate.Choice;
import dev.modelflow.calibrate.Machine;
import dev.modelflow.calibrate.Memory;
import dev.modelflow.calibrate.Processor;
import dev.modelflow.calibrate.Score;
import dev.modelflow.calibrate.Trial;
import dev.modelflow.calibrate.Tuning;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a calibration chose, from its file to a trainer's environment and its record. */
@UsesServices
@Tag("trainers")
class CalibratedTrainerTest {
  private static final String KERNELS = "OPENBLAS_CORETYPE";

  private static final String THREADS = "MKL_NUM_THREADS";

  private final Path folder;
  private final FlowFixture flow;

  CalibratedTrainerTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder.resolve("workers"));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  /** A way of this library that is not this machine's usual one. */
  private static Tuning other(Processor processor, Blas blas) {
    Tuning usual = Tuning.usual(processor);
    Tuning other =
        Candidates.here(processor).kernels().stream()
            .filter(way -> way.blas() == blas && !way.equals(usual))
            .reduce(usual, (_, later) -> later);
    return new Tuning(other.blas(), other.kernels(), Memory.RETURNED);
  }

  private Path calibration(Processor processor, Tuning chosen) throws IOException {
    Path file = folder.resolve("calibration.json");
    CalibrationFile.write(
        file,
        new Calibration(
            Calibration.FORMAT,
            Instant.EPOCH,
            Machine.here(processor),
            TrainerSetup.engineVersion(),
            1,
            List.of(new Trial(chosen, "", new Score(2, 2, 2, null), null)),
            chosen,
            null));
    return file;
  }

  @Test
  void aTrainerIsStartedAsTheFileSaysAndItsAttemptRecordsIt() throws IOException {
    assertStartedAsTheFileSays(Blas.OPENBLAS, KERNELS);
  }

  @Test
  void itIsToldAlsoWhichLibraryMultiplies() throws IOException {
    assertStartedAsTheFileSays(Blas.ONEDNN, Tuning.BLAS_VARIABLE);
  }

  @Test
  void whatTheWorkerWasStartedWithDoesNotDecide() throws IOException {
    assertThat(System.getenv(THREADS)).isNotNull();
    flow.work("gpu", executor(TrainerSetup.engine(1)));

    Run run = run(THREADS);
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 1, 100))
        .contains(THREADS + " is 'null'");
    assertThat(TrainerSetup.engineProcess("Main", 1).environment()).doesNotContainKey(THREADS);
  }

  private void assertStartedAsTheFileSays(Blas blas, String variable) throws IOException {
    Processor processor = Processor.here();
    Tuning chosen = other(processor, blas);
    assertThat(chosen).isNotEqualTo(Tuning.usual(processor));
    Choice choice = Choice.of(calibration(processor, chosen));
    flow.work("gpu", executor(TrainerSetup.engine(1, choice.tuning())));

    Run run = run(variable);
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    Map<String, String> expected = chosen.environment(1);
    assertThat(new StageQueries(flow.ledger().jdbc()).attempts(run.id()))
        .extracting(AttemptView::environment)
        .extracting(environment -> environment.path("trainer"))
        .containsExactly(JsonMapper.shared().valueToTree(expected));
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 1, 100))
        .contains(variable + " is '" + expected.get(variable) + "'");
  }

  /** The engine's environment, and in the engine's place one that tells what it was given. */
  private GpuStageExecutor executor(TrainerSetup engine) {
    TrainerSetup setup =
        new TrainerSetup(FakeTrainer.setup().command(), engine.environment(), "fake 1");
    return new GpuStageExecutor(
        setup, List.of(Device.cpu(1)), new DeviceLocks(folder.resolve("locks")));
  }

  private Run run(String variable) {
    return flow.services()
        .create(
            LedgerFixture.plan(
                LedgerFixture.stage(
                    "pretrain",
                    StageKind.PRETRAIN,
                    "gpu",
                    Map.of("steps", 2, "tell", variable, "scratch", folder.toString()),
                    Map.of())));
  }
}
