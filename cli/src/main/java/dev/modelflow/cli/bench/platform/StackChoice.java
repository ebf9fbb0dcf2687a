package dev.modelflow.cli.bench.platform;

import java.util.Locale;

/** Which stack is measured. */
public enum StackChoice {
  /** Everything in one supervisor, Temporal in memory. */
  EMBEDDED,
  /** That of {@code docker-compose.yml}. */
  CONTAINERS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
