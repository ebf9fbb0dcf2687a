package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.UsesServices;
import dev.modelflow.weights.TensorFiles;
import dev.modelflow.worker.FlowFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer of others under the supervisor, over a stand-in that speaks its files. */
@UsesServices
@Tag("trainers")
class OutsideTrainersTest {
  private static final Path PYTHON =
      Path.of("src/test/resources/adapters/stand-in-python").toAbsolutePath();

  private static final int STEPS = 150;

  private final Path folder;
  private final FlowFixture flow;
  private final ToyRuns runs;

  OutsideTrainersTest(@TempDir Path folder) throws Exception {
    TrainerSetup olmoCore = TrainerSetup.olmoCore(PYTHON, 1);
    this.folder = folder;
    flow = new FlowFixture(folder);
    runs = new ToyRuns(flow);
    flow.work("cpu", new ToyData());
    flow.work(
        "gpu",
        new GpuStageExecutor(
            TrainerSetup.engine(1),
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
    Map<String, Object> parameters = parameters(TrainerName.OLMO_CORE, 0.01, 300);
    Digest expected = runs.output(runs.create(parameters));

    Run run = runs.create(parameters);
    kill(run, 1);
    kill(run, 2);
    assertThat(runs.output(run)).isEqualTo(expected);
    assertThat(runs.stage(run).epoch()).isEqualTo(3);
  }

  /** With a rate that changes no weight, so that what the engine ends with are their weights. */
  @Test
  void theEngineGoesOnFromACheckpointOfTheirsInABranch() throws IOException {
    Run parent = create(TrainerName.OLMO_CORE);
    runs.output(parent);
    Run branch = runs.branch(parent, 100, parameters(TrainerName.ENGINE, 1e-30, STEPS));
    Digest ours = runs.output(branch);

    assertThat(runs.losses(branch)).hasSize(5);
    Map<String, float[]> found = weights(ours);
    assertThat(found).usingRecursiveComparison().isEqualTo(weights(runs.checkpoint(parent, 100)));
    assertThat(found).usingRecursiveComparison().isNotEqualTo(weights(runs.output(parent)));
  }

  @Test
  void whatAWorkerDoesWithOthersIsInTheLedgerBesideWhatTheEngineDoes() {
    assertThat(flow.ledger().workers().codeVersion("gpu", "pretrain"))
        .contains(TrainerSetup.engine(1).version());
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
    assertThat(runs.stage(run).epoch()).isEqualTo(1);
  }

  /** Soon after the attempt's third checkpoint at the latest, seconds from the end. */
  private void kill(Run run, int attempt) {
    Trainers.awaitCheckpoint(flow, run, attempt, 30);
    assertThat(Trainers.running()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
  }

  private Map<String, float[]> weights(Digest checkpoint) throws IOException {
    Path file = Files.createTempFile(folder, "weights", ".safetensors");
    flow.ledger().artifacts().get(checkpoint).files().stream()
        .filter(each -> each.path().equals("model.safetensors"))
        .forEach(each -> flow.services().store().get(each.sha256(), file));
    return TensorFiles.read(file);
  }

  private Run create(String trainer) {
    return runs.create(parameters(trainer, 0.01, STEPS));
  }

  private static Map<String, Object> parameters(String trainer, double rate, int steps) {
    return Map.of(
        "trainer",
        trainer,
        "mix",
        Map.of("counting", 1.0),
        "steps",
        steps,
        "rows",
        2,
        "learningRate",
        rate,
        "checkpointEvery",
        10);
  }
}
