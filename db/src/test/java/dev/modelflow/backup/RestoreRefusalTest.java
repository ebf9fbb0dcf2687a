package dev.modelflow.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.objects.Uploads;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restoration is refused for leaves the database as it was. */
@UsesServices
class RestoreRefusalTest {
  private final LedgerFixture before = new LedgerFixture();
  private final LedgerConfig freshLedger = TestServices.freshLedger();
  private final ObjectStoreConfig freshBucket = TestServices.freshBucket();
  private final List<String> said = new ArrayList<>();
  private final Path folder;

  RestoreRefusalTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    before.close();
  }

  @Test
  void aDamagedObjectOrTableChangesNothing() throws IOException {
    run(before.ledger());
    record("artifact");
    Snapshot taken = take();
    prepareFreshLedger();
    Path object = files("objects").getFirst();
    byte[] bytes = Files.readAllBytes(object);
    Files.writeString(object, "other bytes");
    assertThatThrownBy(this::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("1 objects of the backup are gone or have other bytes")
        .hasMessageContaining(object.getFileName().toString());
    Files.write(object, bytes);

    Path table = Snapshot.folder(folder, taken.name()).resolve("event.copy.gz");
    Files.write(table, new byte[] {0x1f, (byte) 0x8b, 8});
    assertThatThrownBy(this::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("event.copy.gz is gone or not as it was written");
    assertThatFreshLedgerIsAsPrepared();
  }

  @Test
  void aBackupOfANewerBuildChangesNothing() throws IOException {
    run(before.ledger());
    Snapshot taken = take();
    prepareFreshLedger();
    Path file = Snapshot.folder(folder, taken.name()).resolve("snapshot.json");
    String newer = Files.readString(file).replace('"' + taken.schema() + '"', "\"9999\"");
    Files.writeString(file, newer);
    assertThatThrownBy(this::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("has schema 9999")
        .hasMessageContaining("restore it with a newer build");
    assertThatFreshLedgerIsAsPrepared();
  }

  @Test
  void aDatabaseOfSomethingElseIsNotTouched() throws SQLException {
    run(before.ledger());
    take();
    execute(freshLedger, "create table customer as select 1 as id");
    assertThatThrownBy(this::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("something else than a ledger (customer)");
    execute(freshLedger, "drop table customer");
    assertThat(restore().runs()).isEqualTo(1);
  }

  @Test
  void aLedgerWithRunsOrInUseIsNotTouched() {
    run(before.ledger());
    take();
    Backups here = new Backups(before.ledgerConfig(), before.storeConfig(), said::add);
    assertThatThrownBy(() -> here.restore(folder, null))
        .hasMessageContaining("in use")
        .hasMessageContaining("end web and workers first");
    before.close();
    assertThatThrownBy(() -> here.restore(folder, null))
        .hasMessageContaining("already holds 1 runs: restore into an empty one");
  }

  private void prepareFreshLedger() {
    try (Ledger ledger = Ledger.open(freshLedger)) {
      ledger.audit().append("operator", "prepare", "ledger", Map.of());
    }
  }

  private void assertThatFreshLedgerIsAsPrepared() {
    try (Ledger ledger = Ledger.open(freshLedger)) {
      assertThat(ledger.runs().unfinished()).isEmpty();
      assertThat(ledger.jdbc().sql("select action from audit_event").query(String.class).list())
          .containsExactly("prepare");
    }
  }

  private Snapshot take() {
    return new Backups(before.ledgerConfig(), before.storeConfig(), said::add).take(folder);
  }

  private Snapshot restore() {
    return backups().restore(folder, null);
  }

  private Backups backups() {
    return new Backups(freshLedger, freshBucket, said::add);
  }

  private static void run(Ledger ledger) {
    ledger
        .runs()
        .create(
            new NewRun(
                "run-1",
                "default",
                LedgerFixture.twoStages(),
                RunOrigin.none(),
                Map.of(),
                Map.of(),
                "tester"));
  }

  private void record(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve("made-" + name));
    Files.writeString(made.resolve("notes.txt"), name);
    before
        .ledger()
        .artifacts()
        .record(new Uploads(before.store()).upload(made, ArtifactKind.CORPUS, Map.of()));
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(name))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void execute(LedgerConfig config, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
