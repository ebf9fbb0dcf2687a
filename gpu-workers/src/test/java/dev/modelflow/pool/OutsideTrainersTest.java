package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.stage.Defaults;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.run.RunIds;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer of others under the supervisor, over a stand-in that speaks its files. */
@UsesServices
class OutsideTrainersTest {
  private static final Path PYTHON =
      Path.of("src/test/resources/adapters/stand-in-python").toAbsolutePath();

  private final FlowFixture flow;

  OutsideTrainersTest(@TempDir Path folder) throws Exception {
    TrainerSetup olmoCore = TrainerSetup.olmoCore(PYTHON, 1);
    flow = new FlowFixture(folder);
    flow.work("cpu", new ToyData());
    flow.work(
        "gpu",
        new GpuStageExecutor(
            FakeTrainer.setup(),
            new OutsideTrainers(Map.of(TrainerName.OLMO_CORE, olmoCore)),
            List.of(Device.cpu(1)),
            new DeviceLocks(folder.resolve("locks"))));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void killingTheAdapterDoesNotChangeTheLastDigest() {
    Run undisturbed = create(TrainerName.OLMO_CORE);
    Digest expected = output(undisturbed);

    Run run = create(TrainerName.OLMO_CORE);
    kill(run, 30);
    kill(run, 90);
    assertThat(output(run)).isEqualTo(expected);
    assertThat(stage(run).epoch()).isEqualTo(3);
  }

  @Test
  void whatAWorkerDoesWithOthersIsInTheLedgerBesideWhatTheEngineDoes() {
    assertThat(flow.ledger().workers().codeVersion("gpu", "pretrain")).contains("fake 1");
    assertThat(flow.ledger().workers().codeVersion("gpu", "sft/olmo-core"))
        .isPresent()
        .isNotEqualTo(flow.ledger().workers().codeVersion("gpu", "sft"));
    assertThat(flow.ledger().workers().codeVersion("gpu", "dpo/olmo-core")).isEmpty();
  }

  @Test
  void aTrainerThatTheWorkerLacksFailsTheStageAtOnce() {
    Run run = create("other-core");
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
    assertThat(flow.ledger().runs().get(run.id()).failureMessage())
        .contains("This worker has no trainer 'other-core': choose another pool or trainer");
    assertThat(stage(run).epoch()).isEqualTo(1);
  }

  private void kill(Run run, int step) {
    Trainers.awaitStep(flow, run, step);
    assertThat(Trainers.running()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
  }

  private Stage stage(Run run) {
    return flow.ledger().stages().get(run.id(), "pretrain");
  }

  private Digest output(Run run) {
    assertThat(flow.await(run.id()))
        .as(() -> String.valueOf(flow.ledger().runs().get(run.id()).failureMessage()))
        .isEqualTo(RunStatus.SUCCEEDED);
    return flow.ledger().stages().output(stage(run), "checkpoint");
  }

  private Run create(String trainer) {
    return flow.ledger()
        .runs()
        .create(
            new NewRun(
                RunIds.next(),
                "default",
                plan(trainer),
                RunOrigin.none(),
                Map.of(),
                Map.of("pretrain", new StageStart.Afresh()),
                "tester"));
  }

  private static FlowPlan plan(String trainer) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("trainer", trainer);
    given.put("mix", Map.of("counting", 1.0));
    given.put("steps", 150);
    given.put("rows", 2);
    given.put("learningRate", 0.01);
    given.put("checkpointEvery", 10);
    FlowPlan stages =
        LedgerFixture.plan(
            LedgerFixture.stage("curate", StageKind.CURATE, "cpu", Map.of(), Map.of()),
            LedgerFixture.stage(
                "pretrain",
                StageKind.PRETRAIN,
                "gpu",
                Defaults.fill(StageKind.PRETRAIN, 48, given),
                Map.of(
                    "tokenizer", new StageInput("curate", "tokenizer", null),
                    "tokens.counting", new StageInput("curate", "tokens.counting", null))));
    return new FlowPlan(
        stages.name(),
        stages.source(),
        stages.canonical(),
        Map.of(
            "layers", 2,
            "width", 8,
            "heads", 2,
            "feedForward", 12,
            "vocabulary", ToyData.VOCABULARY,
            "context", 48,
            "slidingWindow", 8,
            "ropeBase", 10_000),
        stages.stages());
  }
}
