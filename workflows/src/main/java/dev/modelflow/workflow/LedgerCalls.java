package dev.modelflow.workflow;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How workflows call {@link RunActivities}. */
final class LedgerCalls {
  /** After so long without a sign of life a call is taken for lost with its worker. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);

  private LedgerCalls() {}

  static RunActivities stub() {
    return Workflow.newActivityStub(
        RunActivities.class,
        ActivityOptions.newBuilder()
            .setTaskQueue(TaskQueues.LEDGER)
            .setStartToCloseTimeout(Duration.ofMinutes(10))
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(
                RetryOptions.newBuilder()
                    .setInitialInterval(Duration.ofMillis(200))
                    .setMaximumInterval(Duration.ofSeconds(10))
                    .build())
            .build());
  }
}
