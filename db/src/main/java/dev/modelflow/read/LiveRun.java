package dev.modelflow.read;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as those who watch it see it.
 *
 * @param logLines written so far by all its attempts
 * @param stages in topological order
 * @param events that followed the number that was asked for, oldest first
 */
public record LiveRun(
    RunStatus status,
    int stagesDone,
    int stagesTotal,
    long logLines,
    List<Stage> stages,
    List<EventView> events) {
  /** Copies the lists. */
  public LiveRun {
    stages = List.copyOf(stages);
    events = List.copyOf(events);
  }

  /** How a stage stands; see {@link StageView}. */
  public record Stage(
      String name,
      StageStatus status,
      @Nullable Long step,
      @Nullable Long totalSteps,
      @Nullable Double tokensPerSecond,
      @Nullable Double loss) {}
}
