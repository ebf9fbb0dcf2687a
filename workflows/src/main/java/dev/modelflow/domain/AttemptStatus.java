package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How an attempt ended, or that it goes on. */
public enum AttemptStatus implements Word {
  RUNNING("running"),
  SUCCEEDED("succeeded"),
  FAILED("failed"),
  CANCELLED("cancelled"),
  /** A newer attempt of the same stage began while this one had not ended. */
  FENCED("fenced");

  private final String word;

  AttemptStatus(String word) {
    this.word = word;
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static AttemptStatus of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
