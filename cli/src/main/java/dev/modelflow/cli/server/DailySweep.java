package dev.modelflow.cli.server;

import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.Inventory;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.sweep.Sweep;
import dev.modelflow.sweep.Swept;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes objects without an owner ten minutes after the start, and then every day. Several web
 * servers may do so.
 */
final class DailySweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DailySweep.class);
  private static final Duration FIRST = Duration.ofMinutes(10);
  private static final Duration DAY = Duration.ofDays(1);

  private final Ledger ledger;
  private final ObjectStoreConfig objects;
  private final Duration retention;
  private final Thread thread;

  private DailySweep(Ledger ledger, ObjectStoreConfig objects, Duration retention) {
    this.ledger = ledger;
    this.objects = objects;
    this.retention = retention;
    this.thread = Thread.ofVirtual().name("daily-sweep").start(this::everyDay);
  }

  /** Begins to wait. */
  static DailySweep start(Ledger ledger, ObjectStoreConfig objects, Duration retention) {
    return new DailySweep(ledger, objects, retention);
  }

  private void everyDay() {
    try {
      Thread.sleep(FIRST);
      while (!Thread.currentThread().isInterrupted()) {
        sweep();
        Thread.sleep(DAY);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void sweep() {
    try (Inventory inventory = Inventory.open(objects)) {
      Swept swept = new Sweep(ledger, inventory, retention).run(false);
      LOG.info(
          "Removed {} objects without an owner ({} bytes) and {} broken-off uploads older than {} days",
          swept.objects(),
          swept.bytes(),
          swept.uploads(),
          retention.toDays());
    } catch (RuntimeException failure) {
      LOG.warn(
          "Objects without an owner could not be removed: {}; trying again tomorrow",
          failure.getMessage());
    }
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
