package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where a run stands. */
public enum RunStatus {
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

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static RunStatus of(String word) {
    return Arrays.stream(values())
        .filter(value -> value.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + word
                        + "' is not one of: "
                        + Arrays.stream(values())
                            .map(RunStatus::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
