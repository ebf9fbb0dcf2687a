package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.fill.LedgerSize;

/**
 * How much is measured.
 *
 * @param ledger what the ledger holds while it is read
 * @param clients who read at once
 * @param requests that they make of each kind
 * @param streams live streams at once
 * @param listenSeconds how long they are listened to
 * @param flows of trivial stages at once
 * @param checkpointBytes size of the checkpoint that is uploaded and downloaded; 0 for none
 */
public record PlatformOptions(
    LedgerSize ledger,
    int clients,
    int requests,
    int streams,
    int listenSeconds,
    int flows,
    long checkpointBytes) {
  /** Checks the numbers; throws {@link IllegalArgumentException} naming the wrong one. */
  public PlatformOptions {
    if (clients < 1 || requests < 1) {
      throw new IllegalArgumentException(
          "With %d clients and %d requests nothing is read: take 1 or more of both"
              .formatted(clients, requests));
    }
    if (listenSeconds < 1) {
      throw new IllegalArgumentException(
          "In %d s no stream says anything: listen for 1 or more".formatted(listenSeconds));
    }
    if (streams < 0 || flows < 0 || checkpointBytes < 0) {
      throw new IllegalArgumentException(
          "Streams (%d), flows (%d) and the checkpoint's bytes (%d) cannot be less than none"
              .formatted(streams, flows, checkpointBytes));
    }
  }
}
