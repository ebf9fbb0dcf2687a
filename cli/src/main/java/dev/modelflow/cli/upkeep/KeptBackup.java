package dev.modelflow.cli.upkeep;

import dev.modelflow.backup.Snapshot;
import dev.modelflow.domain.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * A backup as commands show it.
 *
 * @param folder that holds it and others
 * @param name when it was taken, in UTC
 * @param schema version of the ledger's schema
 * @param runs in the ledger
 * @param objects that its artifacts consist of
 * @param bytes their size together
 * @param missing SHA-256 of those that the store did not have whole, and the backup neither
 */
public record KeptBackup(
    String folder,
    String name,
    String schema,
    long runs,
    long objects,
    long bytes,
    List<String> missing) {
  /** Copies the list. */
  public KeptBackup {
    missing = List.copyOf(missing);
  }

  static KeptBackup of(Path folder, Snapshot snapshot) {
    return new KeptBackup(
        folder.toString(),
        snapshot.name(),
        snapshot.schema(),
        snapshot.runs(),
        snapshot.objects(),
        snapshot.bytes(),
        snapshot.missing().stream().map(Digest::hex).toList());
  }
}
