package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where a run stands. */
public enum RunStatus implements Word {
  /** In the ledger, not yet seen by a workflow. */
  QUEUED("queued"),
  RUNNING("running"),
  /** A person asked to stop it; trainers write a last checkpoint. */
  CANCELLING("cancelling"),
  SUCCEEDED("succeeded"),
  FAILED("failed"),
  CANCELLED("cancelled");

  private final String word;

  RunStatus(String word) {
    this.word = word;
  }

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static RunStatus of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
