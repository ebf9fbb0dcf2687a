package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Who can mend a failure. */
public enum FailureClass {
  /** The recipe asks for something that cannot work; never retried. */
  RECIPE("recipe"),
  /** A machine, process or service failed; retried. */
  PLATFORM("platform"),
  /** The input data cannot be used; never retried. */
  DATA("data");

  private final String word;

  FailureClass(String word) {
    this.word = word;
  }

  /** The word that recipes, the ledger, the API and people use. */
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static FailureClass of(String word) {
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
                            .map(FailureClass::word)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return word;
  }
}
