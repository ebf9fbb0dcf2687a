package dev.modelflow.services;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;

/** Postgres servers of the test JVM's own. */
public final class LocalPostgres {
  /** A busy machine takes several times the ten seconds that are the library's default. */
  private static final Duration START = Duration.ofMinutes(2);

  private LocalPostgres() {}

  /** Of one that only this machine reaches, and that may take long to start. */
  public static EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(START)
        .setServerConfig("listen_addresses", "127.0.0.1");
  }
}
