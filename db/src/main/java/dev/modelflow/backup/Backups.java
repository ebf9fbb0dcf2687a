package dev.modelflow.backup;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;

/**
 * Copies ledger and objects into a folder, and back. The ledger is read in one transaction, and
 * then the objects of the artifacts that it held: what a backup lists is in it, also when runs go
 * on meanwhile. Further backups into the same folder add a ledger and the objects that are new.
 */
public final class Backups {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final String ACTOR = "operator";

  private final LedgerConfig ledger;
  private final ObjectStoreConfig objects;
  private final Consumer<String> say;

  /**
   * Backups of this ledger and store.
   *
   * @param say is told in a sentence how far it is
   */
  public Backups(LedgerConfig ledger, ObjectStoreConfig objects, Consumer<String> say) {
    this.ledger = ledger;
    this.objects = objects;
    this.say = say;
  }

  /**
   * Adds a backup to {@code folder}, which is made when it is not there.
   *
   * @throws BackupException when it cannot be read or written
   */
  public Snapshot take(Path folder) {
    String name = NAME.format(Instant.now());
    Path target = Snapshot.folder(folder, name);
    try (Drafts drafts = Drafts.open(folder);
        ObjectStore store = ObjectStore.open(objects)) {
      Path draft = drafts.make(name);
      Draft read = readLedger(draft);
      List<Digest> missing = new ObjectFolder(folder, store, say).fetch(read.objects());
      Snapshot snapshot =
          new Snapshot(
              Snapshot.FORMAT,
              name,
              read.schema(),
              read.tables(),
              read.objects().size(),
              read.objects().stream().mapToLong(ObjectFolder.Entry::size).sum(),
              missing);
      snapshot.write(draft);
      Durable.syncAll(draft);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      Durable.sync(Snapshot.folder(folder));
      return snapshot;
    } catch (IOException | SQLException | FlywayException failure) {
      throw new BackupException(
          "The backup to %s was not made: %s".formatted(folder, failure.getMessage()), failure);
    }
  }

  private record Draft(
      String schema, List<Snapshot.Table> tables, List<ObjectFolder.Entry> objects) {}

  private Draft readLedger(Path folder) throws SQLException, IOException {
    try (Connection connection = connect()) {
      var schema = flyway(null).info().current();
      if (schema == null) {
        throw new BackupException("The ledger holds nothing yet; there is nothing to back up");
      }
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      List<Snapshot.Table> tables = new Tables(connection).write(folder);
      return new Draft(schema.getVersion().getVersion(), tables, objects(connection));
    }
  }

  /**
   * Restores a backup into an empty database, or into a ledger that holds no run and loses what
   * else it holds; nothing else is connected to it. The objects come first: a ledger that was
   * restored lists nothing that is not there. Unfinished runs go on from their last checkpoints
   * when web and workers are started again.
   *
   * @param name of the snapshot; null means the newest
   * @throws BackupException when the database is in use or holds something else, or the backup is
   *     damaged or of a newer build; nothing is then changed but for objects that were added
   */
  public Snapshot restore(Path folder, @Nullable String name) {
    Snapshot snapshot = Snapshot.read(folder, name);
    try {
      requireUnusedAndEmpty();
      requireKnown(snapshot.schema());
      TableFiles files = new TableFiles(snapshot, Snapshot.folder(folder, snapshot.name()));
      files.verify();
      putObjects(folder, snapshot, files.objects());
      // Objects may have taken hours.
      requireUnusedAndEmpty();
      fill(snapshot, folder);
    } catch (IOException | SQLException | FlywayException failure) {
      throw new BackupException(
          "The backup in %s was not restored: %s".formatted(folder, failure.getMessage()), failure);
    }
    record(snapshot);
    return snapshot;
  }

  private void fill(Snapshot snapshot, Path folder) throws SQLException, IOException {
    makeSchema(snapshot.schema());
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      new Tables(connection).read(snapshot, Snapshot.folder(folder, snapshot.name()));
      connection.commit();
    }
  }

  private void putObjects(Path folder, Snapshot snapshot, List<ObjectFolder.Entry> listed)
      throws IOException {
    Set<Digest> missing = Set.copyOf(snapshot.missing());
    List<Digest> damaged;
    try (ObjectStore store = ObjectStore.open(objects)) {
      damaged =
          new ObjectFolder(folder, store, say)
              .put(listed.stream().filter(it -> !missing.contains(it.digest())).toList());
    }
    if (!damaged.isEmpty()) {
      throw new BackupException(
          "%d objects of the backup are gone or have other bytes, the first is %s: bring their files back from another copy of the backup"
              .formatted(damaged.size(), damaged.getFirst()));
    }
  }

  private void requireUnusedAndEmpty() throws SQLException {
    try (Connection connection = connect()) {
      new RestoreTarget(connection).requireUnusedAndEmpty();
    }
  }

  private void requireKnown(String version) {
    boolean known =
        Arrays.stream(flyway(null).info().all())
            .filter(migration -> migration.getState().isResolved())
            .map(MigrationInfo::getVersion)
            .anyMatch(it -> it != null && it.getVersion().equals(version));
    if (!known) {
      throw new BackupException(
          "The backup's ledger has schema %s, which this build does not know: restore it with a newer build"
              .formatted(version));
    }
  }

  /** A schema as it was when the backup was taken; opening the ledger brings it up to date. */
  private void makeSchema(String version) {
    Flyway flyway = flyway(version);
    flyway.clean();
    flyway.migrate();
  }

  /** The restoration itself stands in the audit log; and the schema is brought up to date. */
  private void record(Snapshot snapshot) {
    try (Ledger open = Ledger.open(ledger)) {
      open.audit()
          .append(ACTOR, "restore-backup", snapshot.name(), Map.of("runs", snapshot.runs()));
    } catch (FlywayException | NestedRuntimeException failure) {
      throw new BackupException(
          "The backup was restored, but its ledger could not be brought up to date (%s): start web, which does that too"
              .formatted(failure.getMessage()),
          failure);
    }
  }

  private Flyway flyway(@Nullable String version) {
    var configuration =
        Flyway.configure()
            .dataSource(ledger.url(), ledger.user(), ledger.password())
            .cleanDisabled(false);
    return (version == null ? configuration : configuration.target(version)).load();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password());
  }

  private static List<ObjectFolder.Entry> objects(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select distinct sha256, size from artifact_file order by sha256")) {
      List<ObjectFolder.Entry> entries = new ArrayList<>();
      while (rows.next()) {
        entries.add(new ObjectFolder.Entry(new Digest(rows.getString(1)), rows.getLong(2)));
      }
      return entries;
    }
  }
}
