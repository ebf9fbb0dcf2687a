package dev.modelflow.sweep;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.Inventory;
import dev.modelflow.objects.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.core.NestedRuntimeException;

/**
 * Removes what is in the bucket and belongs to nothing: objects that no artifact of the ledger
 * lists (of attempts that were cut off, or newer than a ledger that was restored), objects that
 * were set aside as damaged, and uploads that were broken off. Only what is older than the
 * retention goes.
 *
 * <p>An attempt uploads objects first and commits the artifact that lists them afterwards, and it
 * does not upload what is there. So that nothing is removed in between, it makes an object that has
 * been there for long new again, and then waits for the sweep that may have looked at it before
 * ({@link dev.modelflow.objects.Uploads}); and the sweep looks at age and owner of each object once
 * more while nobody passes that point. Several sweeps may run at once.
 */
public final class Sweep {
  /** The shortest retention: twice as long as objects that are there are taken for new. */
  public static final Duration SHORTEST = ObjectStore.NEW_FOR.multipliedBy(2);

  private static final int BATCH = 1000;

  private final Ledger ledger;
  private final Inventory inventory;
  private final Duration retention;
  private final Inventory.Guard guard = new Unclaimed();

  /** Sweeps what is older than {@code retention}, at least {@link #SHORTEST}. */
  public Sweep(Ledger ledger, Inventory inventory, Duration retention) {
    this(ledger, inventory, retention, SHORTEST);
  }

  Sweep(Ledger ledger, Inventory inventory, Duration retention, Duration shortest) {
    if (retention.compareTo(shortest) < 0) {
      throw new SweepException(
          "A retention of %d hours is too short: attempts that are under way may need objects for %d hours before they own them"
              .formatted(retention.toHours(), shortest.toHours()));
    }
    this.ledger = ledger;
    this.inventory = inventory;
    this.retention = retention;
  }

  /**
   * Removes what has no owner, or with {@code dryRun} only counts it.
   *
   * @throws SweepException when the ledger does not answer, or lists no artifact at all though
   *     there are objects: then it is hardly the ledger of this bucket
   */
  public Swept run(boolean dryRun) {
    Tally tally = new Tally();
    try {
      inventory.olderThan(retention, BATCH, batch -> sweep(batch, dryRun, tally));
    } catch (NestedRuntimeException failure) {
      throw new SweepException(
          "The ledger could not be asked which objects have an owner: "
              + failure.getMostSpecificCause().getMessage(),
          failure);
    }
    return new Swept(tally.objects, tally.bytes, inventory.brokenOff(retention, dryRun));
  }

  private void sweep(List<Inventory.Stored> batch, boolean dryRun, Tally tally) {
    if (!ledger.owners().any()) {
      throw new SweepException(
          "The bucket holds objects but the ledger lists no artifact: is it the ledger of this bucket? Nothing was removed");
    }
    if (dryRun) {
      unowned(batch).forEach(tally::count);
      return;
    }
    for (Inventory.Stored object : unowned(batch)) {
      if (inventory.remove(object, retention, guard)) {
        tally.count(object);
      }
    }
  }

  /** One object at a time: attempts wait for no more than that. */
  private final class Unclaimed implements Inventory.Guard {
    @Override
    public void around(Inventory.Stored object, Runnable removal) {
      ledger
          .owners()
          .whileNobodyClaims(
              () -> {
                if (!unowned(List.of(object)).isEmpty()) {
                  removal.run();
                }
              });
    }

    @Override
    public void confirm() {
      ledger.owners().confirm();
    }
  }

  private List<Inventory.Stored> unowned(List<Inventory.Stored> batch) {
    Set<Digest> owned =
        ledger.owners().owned(batch.stream().flatMap(it -> it.digest().stream()).toList());
    return batch.stream().filter(it -> it.digest().filter(owned::contains).isEmpty()).toList();
  }

  private static final class Tally {
    private long objects;
    private long bytes;

    private void count(Inventory.Stored object) {
      objects++;
      bytes += object.size();
    }
  }
}
