package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What people told a worker to do. */
public enum WorkerDuty implements Word {
  /** Takes attempts. */
  READY("ready"),
  /** Takes no new attempt and goes on with those that it has. */
  CORDONED("cordoned"),
  /** Takes no new attempt; those that it has stop with a last checkpoint and go on elsewhere. */
  DRAINED("drained");

  private final String word;

  WorkerDuty(String word) {
    this.word = word;
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static WorkerDuty of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
