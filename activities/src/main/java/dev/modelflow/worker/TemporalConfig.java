package dev.modelflow.worker;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the workflow engine is and how to speak to it.
 *
 * @param address host:port
 * @param namespace holds the platform's workflows; registered by the platform when it is not there
 * @param retention how long the engine keeps the history of a workflow that is over
 * @param tls null to speak without TLS
 * @param apiKey file with the key that is sent with every call; null for none
 * @param keys file with the keys that encrypt payloads; null to leave them as they are
 */
public record TemporalConfig(
    String address,
    String namespace,
    Duration retention,
    @Nullable TemporalTls tls,
    @Nullable Path apiKey,
    @Nullable Path keys) {
  private static final String NAMESPACE = "modelflow";
  private static final Duration RETENTION = Duration.ofDays(7);

  /** The usual namespace, histories kept for a week, no TLS and no keys. */
  public TemporalConfig(String address) {
    this(address, NAMESPACE, RETENTION);
  }

  /** No TLS and no keys. */
  public TemporalConfig(String address, String namespace, Duration retention) {
    this(address, namespace, retention, null, null, null);
  }

  /** The same engine, spoken to safely. */
  public TemporalConfig over(@Nullable TemporalTls safety, @Nullable Path key) {
    return new TemporalConfig(address, namespace, retention, safety, key, keys);
  }

  /**
   * The same engine, given payloads that the first of these keys encrypted; null for plain ones.
   */
  public TemporalConfig encrypted(@Nullable Path ring) {
    return new TemporalConfig(address, namespace, retention, tls, apiKey, ring);
  }
}
