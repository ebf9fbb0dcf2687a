package dev.modelflow.cli.upkeep;

import dev.modelflow.backup.BackupException;
import dev.modelflow.backup.Backups;
import dev.modelflow.cli.server.SettingException;
import dev.modelflow.cli.server.Settings;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.objects.Inventory;
import dev.modelflow.objects.ObjectStoreException;
import dev.modelflow.sweep.Sweep;
import dev.modelflow.sweep.SweepException;
import dev.modelflow.sweep.Swept;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operator does to the ledger and the objects that an environment names. */
public final class Upkeep {
  private final Settings settings;
  private final Consumer<String> say;

  /**
   * For the services that these settings name.
   *
   * @param say is told in a sentence how far it is
   */
  public Upkeep(Map<String, String> environment, Consumer<String> say) {
    this.settings = new Settings(environment);
    this.say = say;
  }

  /**
   * Adds a backup to {@code folder}.
   *
   * @throws UpkeepException when that cannot be done
   */
  public KeptBackup backup(Path folder) {
    return explaining(() -> KeptBackup.of(folder, backups().take(folder)));
  }

  /**
   * Restores a backup into an empty ledger that nothing is connected to.
   *
   * @param name of the backup; null means the newest
   * @throws UpkeepException when that cannot be done
   */
  public KeptBackup restore(Path folder, @Nullable String name) {
    return explaining(() -> KeptBackup.of(folder, backups().restore(folder, name)));
  }

  /**
   * Removes objects without an owner, or with {@code dryRun} only counts them.
   *
   * @param retention only what is older; null means what the settings say
   * @throws UpkeepException when that cannot be done
   */
  public Unowned sweep(@Nullable Duration retention, boolean dryRun) {
    return explaining(
        () -> {
          Duration age = retention == null ? settings.retention() : retention;
          try (Ledger ledger = Ledger.connect(settings.ledger());
              Inventory inventory = Inventory.open(settings.objects())) {
            Swept swept = new Sweep(ledger, inventory, age).run(dryRun);
            return new Unowned(
                !dryRun, age.toHours(), swept.objects(), swept.bytes(), swept.uploads());
          }
        });
  }

  private Backups backups() {
    return new Backups(settings.ledger(), settings.objects(), say);
  }

  private static <T> T explaining(Supplier<T> work) {
    try {
      return work.get();
    } catch (SettingException wrong) {
      throw UpkeepException.misconfigured(wrong);
    } catch (BackupException | SweepException | ObjectStoreException failure) {
      throw UpkeepException.failed(failure);
    }
  }
}
