package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a worker stands. */
public enum WorkerState implements Word {
  /** Takes attempts. */
  READY("ready"),
  /** Takes no new attempt and goes on with those that it has. */
  CORDONED("cordoned"),
  /** Takes no new attempt; those that it has are about to stop. */
  DRAINING("draining"),
  /** Takes no new attempt and has none. */
  DRAINED("drained"),
  /**
   * Was not heard, though it did not say that it ends, for so long that its attempts go to others.
   */
  LOST("lost"),
  /** Its process was ended in good order. */
  ENDED("ended");

  private final String word;

  WorkerState(String word) {
    this.word = word;
  }

  /**
   * How a worker stands that was told {@code duty}.
   *
   * @param ended whether it said that it ends
   * @param lost whether it was not heard for too long
   * @param busy whether it has attempts
   */
  public static WorkerState of(WorkerDuty duty, boolean ended, boolean lost, boolean busy) {
    if (ended) {
      return ENDED;
    }
    if (lost) {
      return LOST;
    }
    return switch (duty) {
      case READY -> READY;
      case CORDONED -> CORDONED;
      case DRAINED -> busy ? DRAINING : DRAINED;
    };
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static WorkerState of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
