package dev.modelflow.ledger;

import java.time.Duration;

/**
 * Where the ledger is.
 *
 * @param url JDBC address, e.g. {@code jdbc:postgresql://127.0.0.1:5432/modelflow}
 * @param user the role
 * @param password its password; never printed
 * @param connections the most connections this process opens
 * @param patience how long a call waits for Postgres to come back before it fails
 */
public record LedgerConfig(
    String url, String user, String password, int connections, Duration patience) {
  /** Eight connections, one minute of patience. */
  public LedgerConfig(String url, String user, String password) {
    this(url, user, password, 8, Duration.ofMinutes(1));
  }

  @Override
  public String toString() {
    return "LedgerConfig[" + url + ", user " + user + "]";
  }
}
