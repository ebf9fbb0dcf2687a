package dev.modelflow.web.config;

import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.ObjectStore;
import java.util.List;

/**
 * What the web server needs. It uses the ledger and the store and closes neither.
 *
 * @param address to listen on; loopback unless a person decided otherwise
 * @param port to listen on; 0 for any free one
 * @param hosts names under which people reach it besides {@code localhost} and the loopback
 *     addresses; requests for other hosts are refused
 * @param project whose runs it shows and starts
 * @param ledger what is true
 * @param store where the bytes are
 */
public record WebConfig(
    String address,
    int port,
    List<String> hosts,
    String project,
    Ledger ledger,
    ObjectStore store) {
  /** Copies the list of hosts. */
  public WebConfig {
    hosts = List.copyOf(hosts);
  }
}
