package dev.modelflow.backup;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one backup holds of the ledger; its file is written last, so that a backup that was cut off
 * is none.
 *
 * @param format of the backup's files
 * @param name of its folder: when it was taken, {@code 20261124T051500.123Z}
 * @param schema version of the ledger's schema
 * @param tables in an order in which each comes after those that it refers to
 * @param objects how many objects the ledger's artifacts consist of
 * @param bytes their size together
 * @param missing objects that the store did not have whole when the backup was taken
 */
public record Snapshot(
    int format,
    String name,
    String schema,
    List<Table> tables,
    long objects,
    long bytes,
    List<Digest> missing) {
  static final int FORMAT = 1;
  private static final String FILE = "snapshot.json";
  private static final String FOLDER = "ledger";

  /** Copies the lists. */
  public Snapshot {
    tables = List.copyOf(tables);
    missing = List.copyOf(missing);
  }

  /**
   * One table.
   *
   * @param name as in the database
   * @param columns in the order of the file
   * @param rows how many
   * @param sha256 of its file
   */
  public record Table(String name, List<String> columns, long rows, Digest sha256) {
    /** Copies the list. */
    public Table {
      columns = List.copyOf(columns);
    }

    Path file(Path folder) {
      return folder.resolve(name + ".copy.gz");
    }
  }

  /** How many runs the ledger had. */
  public long runs() {
    return tables.stream().filter(it -> it.name().equals("run")).mapToLong(Table::rows).sum();
  }

  /** The folder of all snapshots in a backup's folder. */
  static Path folder(Path backup) {
    return backup.resolve(FOLDER);
  }

  /** The folder of snapshot {@code name} in a backup's folder. */
  static Path folder(Path backup, String name) {
    return folder(backup).resolve(name);
  }

  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(FILE),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this));
  }

  /**
   * Reads the snapshot of this name, or without one the newest.
   *
   * @throws BackupException when there is none, or it is not one of ours
   */
  static Snapshot read(Path backup, @Nullable String name) {
    Path file = folder(backup, name == null ? newest(backup) : name).resolve(FILE);
    try {
      Snapshot snapshot = JsonMapper.shared().readValue(Files.readString(file), Snapshot.class);
      if (snapshot.format() != FORMAT) {
        throw new BackupException(
            "%s has format %d and this build reads %d: restore it with the build that made it"
                .formatted(file, snapshot.format(), FORMAT));
      }
      return snapshot;
    } catch (IOException | JacksonException failure) {
      throw new BackupException(
          "%s cannot be read: name a folder that 'modelflow backup' has filled".formatted(file),
          failure);
    }
  }

  private static String newest(Path backup) {
    try (Stream<Path> all = Files.list(folder(backup))) {
      return all.filter(it -> Files.exists(it.resolve(FILE)))
          .map(it -> it.getFileName().toString())
          .max(String::compareTo)
          .orElseThrow(() -> none(backup, null));
    } catch (IOException failure) {
      throw none(backup, failure);
    }
  }

  private static BackupException none(Path backup, @Nullable Throwable cause) {
    String message = backup + " holds no backup: name a folder that 'modelflow backup' has filled";
    return cause == null ? new BackupException(message) : new BackupException(message, cause);
  }
}
