package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where a stage of a run stands. */
public enum StageStatus {
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

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static StageStatus of(String word) {
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
                            .map(StageStatus::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
