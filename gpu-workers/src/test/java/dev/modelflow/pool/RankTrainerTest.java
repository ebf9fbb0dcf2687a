package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a worker follows a trainer of two ranks on two of its three GPUs. */
@UsesServices
@Tag("trainers")
@Timeout(120)
class RankTrainerTest {
  private final Path folder;
  private final FlowFixture flow;

  RankTrainerTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder.resolve("workers"));
    List<Device> gpus =
        List.of("GPU-a", "GPU-b", "GPU-c").stream()
            .map(id -> Device.of(new WorkerDevice(id, "NVIDIA H100 80GB HBM3", null), 1, true))
            .toList();
    DeviceLocks locks = new DeviceLocks(folder.resolve("locks"));
    flow.work("gpu", new GpuStageExecutor(FakeTrainer.setup(), gpus, locks));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void aRankThatCrashesFailsTheAttemptAndTheNextOneResumes() {
    Run run = create(Map.of("crashAt", 8, "onRank", 1));
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    assertThat(stage.epoch()).isEqualTo(2);
    assertThat(flow.ledger().stages().checkpoints(stage.id()))
        .extracting(Checkpoint::step)
        .contains(5L, 300L);
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 1, 100))
        .contains(
            "rank 1: Out of memory, or so",
            "Failed (platform): Rank 1 of 2 ended with status 137 and without saying why");
    List<AttemptView> attempts = new StageQueries(flow.ledger().jdbc()).attempts(run.id());
    assertThat(attempts).extracting(AttemptView::resumedFrom).containsExactly(5L, null);
    assertThat(attempts)
        .extracting(AttemptView::device)
        .allMatch(device -> device != null && device.startsWith("2 ranks, each cuda:0 (NVIDIA"))
        .allMatch(device -> device != null && device.contains("; cuda:0 (NVIDIA"));
  }

  @Test
  void whyARankFailedIsTheStagesFailure() {
    Run run = create(Map.of("failAt", 3, "onRank", 1));
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
    assertThat(flow.ledger().runs().get(run.id()).failureMessage())
        .isEqualTo("Stage 'pretrain': Shard 3 is empty; curate again");
    assertThat(Trainers.running()).isEmpty();
  }

  private Run create(Map<String, @Nullable Object> parameters) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
    all.putAll(Map.of("steps", 300, "stepMillis", 10, "ranks", 2, "scratch", folder.toString()));
    return flow.services()
        .create(
            LedgerFixture.plan(
                LedgerFixture.stage("pretrain", StageKind.PRETRAIN, "gpu", all, Map.of())));
  }
}
