package dev.modelflow.sweep;

import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.Inventory;
import dev.modelflow.objects.ObjectStoreConfig;
import java.time.Duration;

/** Sweeps as if the retention of everything were over; only for when nothing is under way. */
public final class Overdue {
  private static final Duration ANYTHING = Duration.ofMinutes(-1);

  private Overdue() {}

  /** Removes what has no owner, however young. */
  public static Swept sweep(Ledger ledger, ObjectStoreConfig objects) {
    try (Inventory inventory = Inventory.open(objects)) {
      return new Sweep(ledger, inventory, ANYTHING, ANYTHING).run(false);
    }
  }
}
