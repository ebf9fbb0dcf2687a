package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where a stage of a run stands. */
public enum StageStatus implements Word {
  WAITING("waiting"),
  RUNNING("running"),
  SUCCEEDED("succeeded"),
  /** Not run again: an earlier stage with the same fingerprint had its outputs all there. */
  REUSED("reused"),
  FAILED("failed"),
  CANCELLED("cancelled");

  private final String word;

  StageStatus(String word) {
    this.word = word;
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static StageStatus of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
