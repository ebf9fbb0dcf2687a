package dev.modelflow.parity;

import static dev.modelflow.parity.OutsideRun.CPU;

import dev.modelflow.parity.OutsideStages.Way;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Has OLMo-core and this engine do the same stages of a toy flow under the trainer contract and
 * compares them: {@code OutsideCheck FOLDER PYTHON [DEVICE]}, where {@code DEVICE} is what
 * OLMo-core computes on, {@code cpu} or {@code cuda:0}. Prints a line for each check and exits with
 * 1 if one fails. Each stage begins with OLMo-core's checkpoint of the one before.
 */
public final class OutsideCheck {
  private static final List<String> STAGES = List.of("pretrain", "midtrain", "long-context", "sft");

  /** Both compute in float32, in different orders. */
  private static final double MOST_LOSS = 1e-5;

  private static final double MOST_WEIGHT = 1e-3;

  private final OutsideStages stages;
  private final Way engine;
  private final Way olmoCore;
  private final Findings findings = new Findings();
  private final RunChecks checks;

  private OutsideCheck(Path folder, Path python, String device)
      throws IOException, InterruptedException {
    stages = new OutsideStages(folder, OutsideToy.withFurtherKeys(folder.resolve("toy")));
    engine = new Way("engine", TrainerSetup.engine(1), CPU);
    olmoCore = new Way("olmo-core", TrainerSetup.olmoCore(python, 1), device);
    checks = new RunChecks(stages, findings, MOST_LOSS, MOST_WEIGHT);
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
      checks.compare(stage, theirs, ours);
      if (stage.equals("pretrain")) {
        checks.killAndResume(olmoCore, stage, theirs);
        continuedByTheEngine(stage, theirs);
      }
      if (stage.equals("sft")) {
        checks.stopAndResume(olmoCore, stage, before, theirs);
      }
      before = theirs.last();
    }
  }

  /** The same stage, begun by OLMo-core and ended by this engine. */
  private void continuedByTheEngine(String stage, OutsideRun whole)
      throws IOException, InterruptedException {
    Path kept = whole.checkpoints().get(RunChecks.KILLED_AT);
    if (kept == null) {
      findings.check(stage + ": a checkpoint to branch from", false);
      return;
    }
    OutsideRun branch =
        stages.run(
            engine.named("branch"), stage, null, OutsideRun.resume(kept, RunChecks.KILLED_AT), 0);
    findings.check(
        "%s: the engine goes on with OLMo-core's checkpoint after step %d"
            .formatted(stage, branch.started()),
        branch.started() == RunChecks.KILLED_AT && branch.status() == 0);
    findings.losses(stage + " from there", whole, branch, MOST_LOSS);
  }
}
