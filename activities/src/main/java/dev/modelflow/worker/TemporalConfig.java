package dev.modelflow.worker;

import java.time.Duration;

/**
 * Where the workflow engine is.
 *
 * @param address host:port
 * @param namespace holds the platform's workflows; registered by the platform when it is not there
 * @param retention how long the engine keeps the history of a workflow that is over
 */
public record TemporalConfig(String address, String namespace, Duration retention) {
  private static final String NAMESPACE = "modelflow";
  private static final Duration RETENTION = Duration.ofDays(7);

  /** The usual namespace, histories kept for a week. */
  public TemporalConfig(String address) {
    this(address, NAMESPACE, RETENTION);
  }
}
