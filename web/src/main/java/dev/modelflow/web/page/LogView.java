package dev.modelflow.web.page;

import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of one attempt's log, and which others there are.
 *
 * @param stages that a worker began
 * @param attempts at the chosen stage
 * @param stage that is shown
 * @param attempt that is shown
 * @param text its last lines
 */
record LogView(
    List<String> stages, List<Integer> attempts, String stage, int attempt, String text) {
  /** The most lines that are shown. */
  public static final int LINES = 200;

  /** What was asked for as far as it is there; null when no stage began. */
  static @Nullable LogView of(
      String run,
      List<StageView> stages,
      @Nullable String wantedStage,
      @Nullable Integer wantedAttempt,
      LogQueries logs) {
    Map<String, List<Integer>> attempts = logs.attempts(run);
    if (attempts.isEmpty()) {
      return null;
    }
    List<StageView> began =
        stages.stream().filter(stage -> attempts.containsKey(stage.name())).toList();
    String stage =
        wantedStage != null && attempts.containsKey(wantedStage)
            ? wantedStage
            : preferred(began).name();
    List<Integer> own = attempts.getOrDefault(stage, List.of());
    int attempt =
        wantedAttempt != null && own.contains(wantedAttempt) ? wantedAttempt : own.getLast();
    return new LogView(
        began.stream().map(StageView::name).toList(),
        own,
        stage,
        attempt,
        logs.text(run, stage, attempt, LINES));
  }

  /** The stage that a person wants to read of: what runs, else what failed, else the last. */
  private static StageView preferred(List<StageView> stages) {
    for (StageStatus status : List.of(StageStatus.RUNNING, StageStatus.FAILED)) {
      for (StageView stage : stages) {
        if (stage.status() == status) {
          return stage;
        }
      }
    }
    return stages.getLast();
  }
}
