package dev.modelflow.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Moments as the API writes them. */
final class Times {
  private Times() {}

  static Optional<Instant> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException other) {
      return Optional.empty();
    }
  }

  static Optional<Duration> between(@Nullable String from, @Nullable String to) {
    return parse(from).flatMap(start -> parse(to).map(end -> Duration.between(start, end)));
  }
}
