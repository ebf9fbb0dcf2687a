package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
@Tag("trainers")
@Timeout(120)
class GpuTrainerTest {
  private static final String GPU = "GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7";

  private final Path folder;
  private final FlowFixture flow;

  GpuTrainerTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder.resolve("workers"));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void trainersTakeTurnsOnAGpuAndSeeNoOther() {
    Device gpu = Device.of(new WorkerDevice(GPU, "NVIDIA H100 80GB HBM3", null), 1, true);
    DeviceLocks locks = new DeviceLocks(folder.resolve("locks"));
    TrainerSetup patient =
        new TrainerSetup(
            FakeTrainer.setup().command(),
            Map.of("OMP_NUM_THREADS", "7", "OPENBLAS_CORETYPE", "ZEN"),
            FakeTrainer.setup().version());
    // Two workers with one GPU are what a worker and the trainer that a killed one left look like.
    flow.work("gpu", new GpuStageExecutor(patient, List.of(gpu), locks));
    flow.work("gpu", new GpuStageExecutor(patient, List.of(gpu), locks));
    List<Run> runs = IntStream.rangeClosed(1, 3).mapToObj(this::create).toList();

    for (Run run : runs) {
      assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(new StageQueries(flow.ledger().jdbc()).attempts(run.id()))
          .extracting(AttemptView::device)
          .containsExactly("cuda:0 (NVIDIA H100 80GB HBM3, " + GPU + "), 1 thread, float32");
      assertThat(new StageQueries(flow.ledger().jdbc()).attempts(run.id()))
          .extracting(attempt -> attempt.environment().path("trainer").toString())
          .containsExactly("{\"OMP_NUM_THREADS\":\"1\",\"OPENBLAS_CORETYPE\":\"ZEN\"}");
      assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 1, 100))
          .contains("CUDA_VISIBLE_DEVICES is '" + GPU + "'");
    }
  }

  private Run create(int number) {
    return flow.services()
        .create(
            LedgerFixture.plan(
                LedgerFixture.stage(
                    "pretrain",
                    StageKind.PRETRAIN,
                    "gpu",
                    Map.of(
                        "steps",
                        100 + number,
                        "stepMillis",
                        5,
                        "alone",
                        true,
                        "tell",
                        "CUDA_VISIBLE_DEVICES",
                        "scratch",
                        folder.toString()),
                    Map.of())));
  }
}
