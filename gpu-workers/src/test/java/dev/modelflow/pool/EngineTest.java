package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.Run;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine of this repository under its supervisor. */
@UsesServices
class EngineTest {
  private final FlowFixture flow;
  private final ToyRuns runs;

  EngineTest(@TempDir Path folder) {
    flow = new FlowFixture(folder);
    runs = new ToyRuns(flow);
    flow.work("cpu", new ToyData());
    flow.work(
        "gpu",
        new GpuStageExecutor(
            TrainerSetup.engine(1),
            List.of(Device.cpu(1)),
            new DeviceLocks(folder.resolve("locks"))));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void killingTheEngineDoesNotChangeTheLastDigest() {
    Run undisturbed = create(1);
    Digest expected = runs.output(undisturbed);

    Run run = create(1);
    kill(run, 70, "spec.json");
    kill(run, 230, "spec.json");
    assertThat(runs.output(run)).isEqualTo(expected);
    assertThat(runs.stage(run).epoch()).isEqualTo(3);
  }

  @Test
  void killingOneOfTwoRanksFailsTheAttemptAndTheNextOneResumes() {
    Run undisturbed = create(2);
    Digest expected = runs.output(undisturbed);

    Run run = create(2);
    kill(run, 70, "spec-1.json");
    kill(run, 230, "spec.json");
    assertThat(runs.output(run)).isEqualTo(expected);
    assertThat(runs.stage(run).epoch()).isEqualTo(3);
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 1, 100))
        .contains("Failed (platform): Rank 1 of 2 ended with status 137");
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "pretrain", 2, 100))
        .contains("Failed (platform): Rank 0 of 2 ended with status 137");
    assertThat(new StageQueries(flow.ledger().jdbc()).attempts(run.id()))
        .extracting(AttemptView::device)
        .containsOnly("2 ranks, each cpu, 1 thread, float32");
  }

  private void kill(Run run, int step, String spec) {
    Trainers.awaitStep(flow, run, step);
    assertThat(Trainers.running())
        .filteredOn(trainer -> Trainers.command(trainer).endsWith("/" + spec))
        .hasSize(1)
        .allMatch(ProcessHandle::destroyForcibly);
  }

  private Run create(int ranks) {
    return runs.create(
        Map.of(
            "mix",
            Map.of("counting", 1.0),
            "steps",
            1200,
            "rows",
            4,
            "learningRate",
            0.01,
            "warmupSteps",
            5,
            "ranks",
            ranks,
            // Which steps are skipped hangs on what the killed trainer remembered.
            "skipStep",
            Map.of("window", 32, "deviations", 1.5),
            "checkpointEvery",
            20));
  }
}
