package dev.modelflow.cli.bench.platform;

import java.net.URI;
import java.util.Map;

/**
 * A whole stack with an empty ledger, started to be measured; {@link #close} ends and deletes it.
 */
public interface BenchStack extends AutoCloseable {
  /** The word for it: {@code embedded} or {@code containers}. */
  String name();

  /** Where its dashboard is. */
  URI dashboard();

  /** The token of its API. */
  String token();

  /** Where its services are, in the settings that workers take. */
  Map<String, String> settings();

  /** Whether its workers have versions. */
  boolean versioned();

  /** The process on this machine that the dashboard is. */
  long webProcess();

  @Override
  void close();
}
