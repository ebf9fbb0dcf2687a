package dev.modelflow.workflow;

import dev.modelflow.domain.FailureClass;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import org.jspecify.annotations.Nullable;

/**
 * Who can mend a failed activity, and what to tell people.
 *
 * @param failureClass who can mend it
 * @param trainer whether the attempt's trainer failed by itself, with all that it needs there
 * @param message one sentence
 */
record Blame(FailureClass failureClass, boolean trainer, String message) {
  /** Something that the attempt needs failed. */
  static Blame ofPlatform(String message) {
    return new Blame(FailureClass.PLATFORM, false, message);
  }

  static Blame of(TemporalFailure failure) {
    return switch (failure.getCause()) {
      case ApplicationFailure application ->
          new Blame(
              classOf(application),
              StageActivities.TRAINER.equals(application.getType()),
              application.getOriginalMessage());
      case TimeoutFailure timeout ->
          ofPlatform(
              "The worker gave no sign of life; it was killed or lost its network ("
                  + timeout.getTimeoutType()
                  + ")");
      case null -> ofPlatform(failure.getOriginalMessage());
      case Throwable other -> ofPlatform(String.valueOf(other.getMessage()));
    };
  }

  private static FailureClass classOf(ApplicationFailure failure) {
    @Nullable String type = failure.getType();
    for (FailureClass candidate : FailureClass.values()) {
      if (candidate.word().equals(type)) {
        return candidate;
      }
    }
    return FailureClass.PLATFORM;
  }

  /** Whether the worker gave the attempt up, though nothing went wrong. */
  static boolean isStop(ActivityFailure failure) {
    return failure.getCause() instanceof ApplicationFailure application
        && StageActivities.STOPPED.equals(application.getType());
  }

  static boolean isCancel(ActivityFailure failure) {
    return failure.getCause() instanceof CanceledFailure;
  }
}
