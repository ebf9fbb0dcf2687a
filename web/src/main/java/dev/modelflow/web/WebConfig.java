package dev.modelflow.web;

import java.util.List;
import javax.sql.DataSource;

/**
 * What the web server needs.
 *
 * @param address to listen on; loopback unless a person decided otherwise
 * @param port to listen on; 0 for any free one
 * @param hosts names under which people reach it besides {@code localhost} and the loopback
 *     addresses; requests for other hosts are refused
 * @param project whose runs it shows and starts
 * @param ledger the Postgres that holds the ledger
 */
public record WebConfig(
    String address, int port, List<String> hosts, String project, DataSource ledger) {
  /** Copies the list of hosts. */
  public WebConfig {
    hosts = List.copyOf(hosts);
  }

  /** A server for this machine alone. */
  public static WebConfig onLoopback(int port, DataSource ledger) {
    return new WebConfig("127.0.0.1", port, List.of(), "default", ledger);
  }
}
