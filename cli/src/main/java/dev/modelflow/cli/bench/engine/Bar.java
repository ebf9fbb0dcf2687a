package dev.modelflow.cli.bench.engine;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What was asked of the engine, and what was seen.
 *
 * @param measure what was measured
 * @param bar what it should be
 * @param seen what it was, in words
 * @param ok whether it was as it should be
 */
public record Bar(String measure, String bar, String seen, Ok ok) {
  /** An answer that is never given without a measurement. */
  public enum Ok {
    /** It was. */
    YES("yes"),

    /** It was not. */
    NO("NO"),

    /** Nobody knows. */
    NOT_MEASURED("not measured");

    private final String word;

    Ok(String word) {
      this.word = word;
    }

    /** As it is printed. */
    @JsonValue
    public String word() {
      return word;
    }
  }

  static Bar measured(String measure, String bar, String seen, boolean ok) {
    return new Bar(measure, bar, seen, ok ? Ok.YES : Ok.NO);
  }

  static Bar unmeasured(String measure, String bar, String why) {
    return new Bar(measure, bar, why, Ok.NOT_MEASURED);
  }
}
