package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import java.util.List;

/** A stage cannot go on; the message is one sentence for the person who runs the flow. */
public final class StageFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final FailureClass failureClass;
  private final transient List<String> details;

  /** A failure that {@code failureClass} can mend. */
  public StageFailure(FailureClass failureClass, String message) {
    this(failureClass, message, List.of());
  }

  /** A failure with lines that are too many for a sentence and go to the attempt's log. */
  public StageFailure(FailureClass failureClass, String message, List<String> details) {
    super(message);
    this.failureClass = failureClass;
    this.details = List.copyOf(details);
  }

  /** A failure with its cause. */
  public StageFailure(FailureClass failureClass, String message, Throwable cause) {
    super(message, cause);
    this.failureClass = failureClass;
    details = List.of();
  }

  /** Who can mend it. */
  public FailureClass failureClass() {
    return failureClass;
  }

  /** Lines for the attempt's log; mostly none. */
  public List<String> details() {
    return details;
  }
}
