package dev.modelflow.backup;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.objects.Uploads;
import dev.modelflow.services.TestServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A ledger and a bucket to back up, a folder for that, and fresh ones to restore into. */
final class BackupFixture implements AutoCloseable {
  final LedgerFixture before = new LedgerFixture();
  final LedgerConfig freshLedger = TestServices.freshLedger();
  final ObjectStoreConfig freshBucket = TestServices.freshBucket();
  final List<String> said = new ArrayList<>();
  final Path folder;

  BackupFixture(Path folder) {
    this.folder = folder;
  }

  Snapshot take() {
    return of(before.ledgerConfig(), before.storeConfig()).take(folder);
  }

  Snapshot restore() {
    return fresh().restore(folder, null);
  }

  /** Backups of the fresh ledger and bucket. */
  Backups fresh() {
    return of(freshLedger, freshBucket);
  }

  Backups of(LedgerConfig ledger, ObjectStoreConfig bucket) {
    return new Backups(ledger, bucket, said::add);
  }

  static Run run(Ledger ledger) {
    return ledger
        .runs()
        .create(
            new NewRun(
                "run-" + System.nanoTime(),
                "default",
                LedgerFixture.twoStages(),
                RunOrigin.none(),
                Map.of(),
                Map.of(),
                "tester"));
  }

  /** An artifact of two files, the larger of which is called data.bin. */
  Manifest record(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve("made-" + name));
    byte[] bytes = new byte[100_000];
    new Random(name.hashCode()).nextBytes(bytes);
    Files.write(made.resolve("data.bin"), bytes);
    Files.writeString(made.resolve("notes.txt"), name);
    Manifest manifest = new Uploads(before.store()).upload(made, ArtifactKind.CORPUS, Map.of());
    before.ledger().artifacts().record(manifest);
    return manifest;
  }

  /** The backup's files in one of its folders. */
  List<Path> files(String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(name))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static void execute(LedgerConfig config, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    before.close();
  }
}
