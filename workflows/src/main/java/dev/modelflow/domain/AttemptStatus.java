package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How an attempt ended, or that it goes on. */
public enum AttemptStatus {
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

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static AttemptStatus of(String word) {
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
                            .map(AttemptStatus::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
