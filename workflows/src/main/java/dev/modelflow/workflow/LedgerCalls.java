package dev.modelflow.workflow;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How workflows call {@link RunActivities}. */
final class LedgerCalls {
  /** After so long without a sign of life a call is taken for lost with its worker. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofMinutes(10);

  private LedgerCalls() {}

  /** By way of the {@code ledger} queue. */
  static RunActivities stub() {
    return Workflow.newActivityStub(
        RunActivities.class,
        ActivityOptions.newBuilder()
            .setTaskQueue(TaskQueues.LEDGER)
            .setStartToCloseTimeout(LONGEST)
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(untilItAnswers())
            .build());
  }

  /** By the worker that takes the workflow's step, within that step: a way there and back less. */
  static RunActivities local() {
    return Workflow.newLocalActivityStub(
        RunActivities.class,
        LocalActivityOptions.newBuilder()
            .setStartToCloseTimeout(LONGEST)
            .setRetryOptions(untilItAnswers())
            .setDoNotIncludeArgumentsIntoMarker(true)
            .build());
  }

  private static RetryOptions untilItAnswers() {
    return RetryOptions.newBuilder()
        .setInitialInterval(Duration.ofMillis(200))
        .setMaximumInterval(Duration.ofSeconds(10))
        .build();
  }
}
