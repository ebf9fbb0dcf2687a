package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.Defaults;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.run.RunIds;
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

  EngineTest(@TempDir Path folder) {
    flow = new FlowFixture(folder);
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
    Digest expected = output(undisturbed);

    Run run = create(1);
    kill(run, 70, "spec.json");
    kill(run, 230, "spec.json");
    assertThat(output(run)).isEqualTo(expected);
    assertThat(flow.ledger().stages().get(run.id(), "pretrain").epoch()).isEqualTo(3);
  }

  @Test
  void killingOneOfTwoRanksFailsTheAttemptAndTheNextOneResumes() {
    Run undisturbed = create(2);
    Digest expected = output(undisturbed);

    Run run = create(2);
    kill(run, 70, "spec-1.json");
    kill(run, 230, "spec.json");
    assertThat(output(run)).isEqualTo(expected);
    assertThat(flow.ledger().stages().get(run.id(), "pretrain").epoch()).isEqualTo(3);
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

  private Digest output(Run run) {
    assertThat(flow.await(run.id()))
        .as(() -> String.valueOf(flow.ledger().runs().get(run.id()).failureMessage()))
        .isEqualTo(RunStatus.SUCCEEDED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    return flow.ledger().stages().output(stage, "checkpoint");
  }

  private Run create(int ranks) {
    return flow.ledger()
        .runs()
        .create(
            new NewRun(
                RunIds.next(),
                "default",
                plan(ranks),
                RunOrigin.none(),
                Map.of(),
                Map.of("pretrain", new StageStart.Afresh()),
                "tester"));
  }

  private static FlowPlan plan(int ranks) {
    FlowPlan stages =
        LedgerFixture.plan(
            LedgerFixture.stage("curate", StageKind.CURATE, "cpu", Map.of(), Map.of()),
            LedgerFixture.stage(
                "pretrain",
                StageKind.PRETRAIN,
                "gpu",
                Defaults.fill(
                    StageKind.PRETRAIN,
                    48,
                    Map.of(
                        "mix",
                        Map.of("counting", 1.0),
                        "steps",
                        300,
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
                        20)),
                Map.of(
                    "tokenizer", new StageInput("curate", "tokenizer", null),
                    "tokens.counting", new StageInput("curate", "tokens.counting", null))));
    return new FlowPlan(
        stages.name(),
        stages.source(),
        stages.canonical(),
        Map.of(
            "layers", 2,
            "width", 16,
            "heads", 2,
            "feedForward", 24,
            "vocabulary", ToyData.VOCABULARY,
            "context", 48,
            "slidingWindow", 8,
            "ropeBase", 10_000),
        stages.stages());
  }
}
