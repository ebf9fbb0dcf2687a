package dev.modelflow.workflow;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageStatus;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries one stage; see {@link StageWorkflow}. */
public final class StageWorkflowImpl implements StageWorkflow {
  /** A worker that is not heard of for this long is taken for dead. */
  static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration LONGEST_ATTEMPT = Duration.ofDays(90);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /** Since when an attempt that its worker gave up does not count against the stage. */
  private static final String STOPS_ARE_FREE = "stops-are-free";

  /** Since when a stage is prepared within the workflow's own step. */
  private static final String PREPARED_LOCALLY = "prepared-locally";

  private final RunActivities ledger = LedgerCalls.stub();

  /** For Temporal. */
  public StageWorkflowImpl() {}

  @Override
  public StageStatus carry(StageTask task) {
    try {
      StageStatus standing = preparing().prepare(task);
      return switch (standing) {
        case SUCCEEDED, REUSED, FAILED, CANCELLED -> standing;
        case WAITING, RUNNING -> attempts(task);
      };
    } catch (CanceledFailure cancelled) {
      return close(task, StageStatus.CANCELLED, null);
    } catch (ActivityFailure failure) {
      if (Blame.isCancel(failure)) {
        return close(task, StageStatus.CANCELLED, null);
      }
      return close(task, StageStatus.FAILED, Blame.of(failure));
    }
  }

  private RunActivities preparing() {
    int version = Workflow.getVersion(PREPARED_LOCALLY, Workflow.DEFAULT_VERSION, 1);
    return version == Workflow.DEFAULT_VERSION ? ledger : LedgerCalls.local();
  }

  private StageStatus attempts(StageTask task) {
    StageActivities worker = worker(task.pool());
    FruitlessAttempts fruitless = new FruitlessAttempts();
    while (true) {
      Outcome outcome = attempt(worker, task);
      switch (outcome) {
        case Outcome.Ended(StageStatus end) when end == StageStatus.CANCELLED -> {
          return close(task, end, null);
        }
        case Outcome.Ended(StageStatus end) -> {
          return end;
        }
        case Outcome.Stopped() -> Workflow.sleep(SHORTEST_PAUSE);
        case Outcome.Failed(Blame blame) -> {
          fruitless.failed(blame, ledger.committedStep(task));
          if (blame.failureClass() != FailureClass.PLATFORM || fruitless.suffice()) {
            return close(task, StageStatus.FAILED, blame);
          }
          Workflow.sleep(fruitless.pause());
        }
      }
    }
  }

  private static Outcome attempt(StageActivities worker, StageTask task) {
    try {
      StageStatus end = worker.attempt(task);
      return switch (end) {
        case SUCCEEDED, REUSED, FAILED, CANCELLED -> new Outcome.Ended(end);
        case WAITING, RUNNING ->
            new Outcome.Failed(Blame.ofPlatform("The attempt was overtaken by another one"));
      };
    } catch (ActivityFailure failure) {
      if (Blame.isCancel(failure)) {
        throw failure;
      }
      if (Blame.isStop(failure) && stopsAreFree()) {
        return new Outcome.Stopped();
      }
      return new Outcome.Failed(Blame.of(failure));
    }
  }

  private static boolean stopsAreFree() {
    return Workflow.getVersion(STOPS_ARE_FREE, Workflow.DEFAULT_VERSION, 1) == 1;
  }

  private static StageActivities worker(String pool) {
    // One Temporal attempt each: whether another follows hangs on the class and on progress.
    return Workflow.newActivityStub(
        StageActivities.class,
        ActivityOptions.newBuilder()
            .setTaskQueue(pool)
            .setStartToCloseTimeout(LONGEST_ATTEMPT)
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .setDisableEagerExecution(true)
            .build());
  }

  private StageStatus close(StageTask task, StageStatus status, @Nullable Blame blame) {
    // A cancelled workflow may still write down that it is.
    Workflow.newDetachedCancellationScope(
            () ->
                ledger.close(
                    task,
                    status,
                    blame == null ? null : blame.failureClass(),
                    blame == null ? null : blame.message()))
        .run();
    return status;
  }

  private sealed interface Outcome {
    record Ended(StageStatus status) implements Outcome {}

    /** Its worker gave it up. */
    record Stopped() implements Outcome {}

    record Failed(Blame blame) implements Outcome {}
  }
}
