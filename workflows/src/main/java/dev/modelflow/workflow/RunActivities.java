package dev.modelflow.workflow;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What workflows ask of the ledger. Short, idempotent, on the {@code ledger} task queue; {@code
 * prepare} is done by the worker that takes the workflow's step.
 *
 * <p>A ledger that was restored from a backup may know less than a workflow, or not know its run at
 * all. Such a workflow is told that all its stages are cancelled and that its run has ended, so
 * that it ends, and nothing of that is recorded: where the run is unfinished, another workflow
 * begins with what the ledger knows.
 */
@ActivityInterface
public interface RunActivities {
  /**
   * Marks the run as running (unless it ended) and says which stages it has.
   *
   * @return the stages in topological order; none when the run has ended or is unknown
   */
  List<PlannedStage> begin(String runId);

  /**
   * Decides what to do about a stage whose inputs are all there: records its fingerprint and, where
   * a committed stage has the same one and all its objects exist, marks this one as reused. Closes
   * it when its run is to stop.
   *
   * <p>Fails with an application failure of type {@code recipe} when an input does not exist.
   *
   * @return {@code succeeded} or {@code reused} when nothing is left to do, {@code failed} or
   *     {@code cancelled} when it ended so, {@code waiting} or {@code running} when an attempt is
   *     needed
   */
  StageStatus prepare(StageTask task);

  /** The step of the stage's last committed checkpoint; -1 when there is none. */
  long committedStep(StageTask task);

  /** Records that no attempt of the stage will follow: it failed, or was cancelled. */
  void close(
      StageTask task,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message);

  /**
   * Records how the run ended, unless that is recorded or the ledger knows of stages that have not
   * ended.
   *
   * @return how the ledger says that it stands; {@code status} when it does not know the run
   */
  RunStatus finish(String runId, RunStatus status);

  /**
   * A stage of a run and the stages that must be done before it.
   *
   * @param name in the recipe
   * @param pool the task queue of its workers
   * @param after names of the stages it reads from
   * @param incarnation of the run, which the stage's task shows; null from older workers
   */
  record PlannedStage(String name, String pool, List<String> after, @Nullable String incarnation) {
    /** A stage of a run without incarnations. */
    public PlannedStage(String name, String pool, List<String> after) {
      this(name, pool, after, null);
    }
  }
}
