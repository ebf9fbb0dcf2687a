package dev.modelflow.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Who can mend a failure. */
public enum FailureClass implements Word {
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

  @Override
  @JsonValue
  public String word() {
    return word;
  }

  /** The value written as {@code word}; throws {@link IllegalArgumentException} otherwise. */
  @JsonCreator
  public static FailureClass of(String word) {
    return Word.find(values(), word);
  }

  @Override
  public String toString() {
    return word;
  }
}
