package dev.modelflow.parity;

import dev.modelflow.parity.OutsideStages.Way;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is found in runs of the same stages.
 *
 * @param findings learns of each check
 * @param mostLoss by which two runs' losses may differ
 * @param mostWeight by which their weights may, as a share of a tensor's largest
 */
record RunChecks(OutsideStages stages, Findings findings, double mostLoss, double mostWeight) {
  /** A step of a stage's beginning that has a checkpoint. */
  static final int KILLED_AT = 10;

  /** How a trainer exits that stopped in good order. */
  private static final int STOPPED = 3;

  /** Two trainers did the same stage: equal losses, equal checkpoints. */
  void compare(String stage, OutsideRun theirs, OutsideRun ours) throws IOException {
    findings.losses(stage, theirs, ours, mostLoss);
    Path their = theirs.last();
    Path our = ours.last();
    if (their == null || our == null) {
      findings.check(stage + ": both have a checkpoint", false);
      return;
    }
    double most = CheckpointFiles.largestDifference(their, our);
    findings.check(
        "%s: weights differ by at most %.1e of a tensor's largest".formatted(stage, most),
        most <= mostWeight);
    findings.check(
        stage + ": config.json, trainer_state.json and tokenizer.json are equal",
        CheckpointFiles.notesAreEqual(their, our, mostLoss));
    if (!ours.counted().isEmpty()) {
      findings.check(
          "%s: both count %s".formatted(stage, ours.counted()),
          ours.counted().equals(theirs.counted()));
    }
  }

  /** Killed by SIGKILL and resumed, a stage ends with the bytes of {@code whole}. */
  void killAndResume(Way way, String stage, OutsideRun whole)
      throws IOException, InterruptedException {
    OutsideRun killed = stages.run(way.named("killed"), stage, null, null, KILLED_AT);
    Path kept = killed.checkpoints().get(KILLED_AT);
    if (kept == null) {
      findings.check(stage + ": a checkpoint before the kill", false);
      return;
    }
    OutsideRun resumed =
        stages.run(way.named("resumed"), stage, null, OutsideRun.resume(kept, KILLED_AT), 0);
    findings.check(
        "%s: killed with status %d, goes on after step %d"
            .formatted(stage, killed.status(), resumed.started()),
        resumed.started() == KILLED_AT && resumed.status() == 0);
    endsAs(stage, whole, resumed);
  }

  /** Asked to stop and resumed, a stage ends with the bytes of {@code whole}. */
  void stopAndResume(Way way, String stage, @Nullable Path before, OutsideRun whole)
      throws IOException, InterruptedException {
    OutsideRun stopped = stages.stopped(way.named("stopped"), stage, before);
    Path kept = stopped.last();
    int step = stopped.lastStep();
    findings.check(
        "%s: stopped with status %d and a checkpoint after step %d"
            .formatted(stage, stopped.status(), step),
        stopped.status() == STOPPED && step > 0 && step < whole.lastStep());
    if (kept == null) {
      return;
    }
    OutsideRun resumed =
        stages.run(way.named("resumed"), stage, before, OutsideRun.resume(kept, step), 0);
    findings.check(
        "%s: goes on after step %d".formatted(stage, resumed.started()),
        resumed.started() == step && resumed.status() == 0);
    endsAs(stage, whole, resumed);
  }

  private void endsAs(String stage, OutsideRun whole, OutsideRun resumed) throws IOException {
    findings.check(
        stage + ": its last checkpoint has the bytes of the undisturbed one",
        CheckpointFiles.areEqual(resumed.last(), whole.last()));
  }
}
