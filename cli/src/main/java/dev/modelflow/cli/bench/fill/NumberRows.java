package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Writes what stages measured and said. */
final class NumberRows {
  private static final List<String> METRICS = List.of("gradientNorm", "learningRate", "loss");
  private static final List<String> TASKS = List.of("problems", "sums", "text");

  private final LedgerCopy copy;
  private final Random random;

  NumberRows(LedgerCopy copy, Random random) {
    this.copy = copy;
    this.random = random;
  }

  /** So many points of a training stage's curves, all in all. */
  void curves(long stageId, int points, Instant at) {
    for (int i = 0; i < points; i++) {
      long step = 1L + i / METRICS.size();
      double value = 2 + 5 * Math.exp(-step / 200.0) + 0.05 * random.nextGaussian();
      copy.row(Table.METRIC, stageId, METRICS.get(i % METRICS.size()), step, value, at);
    }
  }

  /** What a stage measured of a checkpoint, where it measures at all. */
  void evaluations(long stageId, StagePlan stage, String checkpoint) {
    if (stage.kind() == StageKind.EVALUATE) {
      for (String task : TASKS) {
        copy.row(
            Table.EVALUATION,
            stageId,
            checkpoint,
            task,
            "accuracy",
            random.nextDouble(),
            0.02,
            400,
            true);
      }
    }
  }

  void event(
      RunPlan run, @org.jspecify.annotations.Nullable String stage, String text, Instant at) {
    copy.row(
        Table.EVENT, run.id(), stage, text.startsWith("Stage failed") ? "error" : "info", text, at);
  }

  void log(long attemptId, StagePlan stage) {
    copy.row(
        Table.LOG_CHUNK,
        attemptId,
        1,
        2,
        "Attempt 1 on worker %s-1, code bench\nDone".formatted(stage.pool()));
  }
}
