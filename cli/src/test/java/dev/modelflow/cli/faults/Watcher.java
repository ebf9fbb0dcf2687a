package dev.modelflow.cli.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Follows one run in the ledger, past all faults, on a thread of its own. */
final class Watcher implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(300);

  private final LedgerEye ledger;
  private final String run;
  private final RepeatedSteps repeated = new RepeatedSteps();
  private final Thread thread;
  private volatile Optional<Observation> latest = Optional.empty();

  /** Begins to look. */
  Watcher(LedgerEye ledger, String run) {
    this.ledger = ledger;
    this.run = run;
    this.thread = Thread.ofPlatform().daemon().name("watcher").start(this::watch);
  }

  private void watch() {
    try {
      while (true) {
        Optional<Observation> seen = ledger.look(run);
        seen.ifPresent(observation -> observation.stages().forEach(repeated::see));
        latest = seen.or(() -> latest);
        Thread.sleep(PERIOD);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  /** How the run stood when Postgres answered last; empty before it did. */
  Optional<Observation> latest() {
    return latest;
  }

  /** Steps that were trained more than once; to be asked after {@link #close}. */
  long repeatedSteps() throws SQLException {
    return repeated.count(ledger.resumed(run), ledger.totals(run));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
