package dev.modelflow.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.ledger.Ledger;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restoration is refused for leaves the database as it was. */
@UsesServices
class RestoreRefusalTest {
  private final BackupFixture it;

  RestoreRefusalTest(@TempDir Path folder) {
    it = new BackupFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aDamagedObjectOrTableChangesNothing() throws IOException {
    BackupFixture.run(it.before.ledger());
    it.record("artifact");
    Snapshot taken = it.take();
    prepareFreshLedger();
    Path object = it.files("objects").getFirst();
    byte[] bytes = Files.readAllBytes(object);
    Files.writeString(object, "other bytes");
    assertThatThrownBy(it::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("1 objects of the backup are gone or have other bytes")
        .hasMessageContaining(object.getFileName().toString());
    Files.write(object, bytes);

    Path table = Snapshot.folder(it.folder, taken.name()).resolve("event.copy.gz");
    Files.write(table, new byte[] {0x1f, (byte) 0x8b, 8});
    assertThatThrownBy(it::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("event.copy.gz is gone or not as it was written");
    assertThatFreshLedgerIsAsPrepared();
  }

  @Test
  void aBackupOfANewerBuildChangesNothing() throws IOException {
    BackupFixture.run(it.before.ledger());
    Snapshot taken = it.take();
    prepareFreshLedger();
    Path file = Snapshot.folder(it.folder, taken.name()).resolve("snapshot.json");
    String newer = Files.readString(file).replace('"' + taken.schema() + '"', "\"9999\"");
    Files.writeString(file, newer);
    assertThatThrownBy(it::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("has schema 9999")
        .hasMessageContaining("restore it with a newer build");
    assertThatFreshLedgerIsAsPrepared();
  }

  @Test
  void aDatabaseOfSomethingElseIsNotTouched() throws SQLException {
    BackupFixture.run(it.before.ledger());
    it.take();
    BackupFixture.execute(it.freshLedger, "create table customer as select 1 as id");
    assertThatThrownBy(it::restore)
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("something else than a ledger (customer)");
    BackupFixture.execute(it.freshLedger, "drop table customer");
    assertThat(it.restore().runs()).isEqualTo(1);
  }

  @Test
  void aLedgerWithRunsOrInUseIsNotTouched() {
    BackupFixture.run(it.before.ledger());
    it.take();
    Backups here = it.of(it.before.ledgerConfig(), it.before.storeConfig());
    assertThatThrownBy(() -> here.restore(it.folder, null))
        .hasMessageContaining("in use")
        .hasMessageContaining("end web and workers first");
    it.before.close();
    assertThatThrownBy(() -> here.restore(it.folder, null))
        .hasMessageContaining("already holds 1 runs: restore into an empty one");
  }

  private void prepareFreshLedger() {
    try (Ledger ledger = Ledger.open(it.freshLedger)) {
      ledger.audit().append("operator", "prepare", "ledger", Map.of());
    }
  }

  private void assertThatFreshLedgerIsAsPrepared() {
    try (Ledger ledger = Ledger.open(it.freshLedger)) {
      assertThat(ledger.runs().unfinished()).isEmpty();
      assertThat(ledger.jdbc().sql("select action from audit_event").query(String.class).list())
          .containsExactly("prepare");
    }
  }
}
