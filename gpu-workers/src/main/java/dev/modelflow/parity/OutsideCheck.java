package dev.modelflow.parity;

import static dev.modelflow.parity.OutsideRun.CPU;

import dev.modelflow.parity.OutsideStages.Way;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has OLMo-core and this engine do the same stages of a toy flow under the trainer contract and
 * compares them: {@code OutsideCheck FOLDER PYTHON [DEVICE]}, where {@code DEVICE} is what
 * OLMo-core computes on, {@code cpu} or {@code cuda:0}. Prints a line for each check and exits with
 * 1 if one fails. Each stage begins with OLMo-core's checkpoint of the one before.
 */
public final class OutsideCheck {
  private static final List<String> STAGES = List.of("pretrain", "midtrain", "long-context", "sft");
  private static final int KILLED_AT = 10;

  /** Both compute in float32, in different orders. */
  private static final double MOST_LOSS = 1e-5;

  private static final double MOST_WEIGHT = 1e-3;

  private final OutsideStages stages;
  private final Way engine;
  private final Way olmoCore;
  private final Findings findings = new Findings();

  private OutsideCheck(Path folder, Path python, String device)
      throws IOException, InterruptedException {
    stages = new OutsideStages(folder, OutsideToy.in(folder.resolve("toy")));
    engine = new Way("engine", TrainerSetup.engine(1), CPU);
    olmoCore = new Way("olmo-core", TrainerSetup.olmoCore(python, 1), device);
  }

  /** Runs the checks. */
  public static void main(String[] arguments) throws Exception {
    OutsideCheck check =
        new OutsideCheck(
            Path.of(arguments[0]).toAbsolutePath(),
            Path.of(arguments[1]),
            arguments.length > 2 ? arguments[2] : CPU);
    check.all();
    System.exit(check.findings.failed() ? 1 : 0);
  }

  private void all() throws IOException, InterruptedException {
    Path before = null;
    for (String stage : STAGES) {
      OutsideRun theirs = stages.run(olmoCore, stage, before);
      findings.check(
          stage + ": OLMo-core ends with status " + theirs.status(), theirs.status() == 0);
      OutsideRun ours = stages.run(engine, stage, before);
      compare(stage, theirs, ours);
      if (stage.equals("pretrain")) {
        resumed(stage, theirs);
        continuedByTheEngine(stage, theirs);
      }
      before = theirs.last();
    }
  }

  private void compare(String stage, OutsideRun theirs, OutsideRun ours) throws IOException {
    findings.losses(stage, theirs, ours, MOST_LOSS);
    Path their = theirs.last();
    Path our = ours.last();
    if (their == null || our == null) {
      findings.check(stage + ": both have a checkpoint", false);
      return;
    }
    double most = CheckpointFiles.largestDifference(their, our);
    findings.check(
        "%s: weights differ by at most %.1e of a tensor's largest".formatted(stage, most),
        most <= MOST_WEIGHT);
    findings.check(
        stage + ": config.json, trainer_state.json and tokenizer.json are equal",
        CheckpointFiles.notesAreEqual(their, our));
  }

  /** After kill -9, OLMo-core goes on from our checkpoint and ends with the same bytes. */
  private void resumed(String stage, OutsideRun whole) throws IOException, InterruptedException {
    OutsideRun killed = stages.run(olmoCore.named("killed"), stage, null, null, KILLED_AT);
    Path kept = killed.checkpoints().get(KILLED_AT);
    if (kept == null) {
      findings.check(stage + ": a checkpoint before the kill", false);
      return;
    }
    OutsideRun resumed =
        stages.run(olmoCore.named("resumed"), stage, null, OutsideRun.resume(kept, KILLED_AT), 0);
    findings.check(
        "%s: killed with status %d, goes on after step %d"
            .formatted(stage, killed.status(), resumed.started()),
        resumed.started() == KILLED_AT && resumed.status() == 0);
    @Nullable Path last = resumed.last();
    findings.check(
        stage + ": its last checkpoint has the bytes of the undisturbed one",
        CheckpointFiles.areEqual(last, whole.last()));
  }

  /** The same stage, begun by OLMo-core and ended by this engine. */
  private void continuedByTheEngine(String stage, OutsideRun whole)
      throws IOException, InterruptedException {
    Path kept = whole.checkpoints().get(KILLED_AT);
    if (kept == null) {
      findings.check(stage + ": a checkpoint to branch from", false);
      return;
    }
    OutsideRun branch =
        stages.run(engine.named("branch"), stage, null, OutsideRun.resume(kept, KILLED_AT), 0);
    findings.check(
        "%s: the engine goes on with OLMo-core's checkpoint after step %d"
            .formatted(stage, branch.started()),
        branch.started() == KILLED_AT && branch.status() == 0);
    findings.losses(stage + " from there", whole, branch, MOST_LOSS);
  }
}
