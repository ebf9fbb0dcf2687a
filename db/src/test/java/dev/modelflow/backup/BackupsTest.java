package dev.modelflow.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Events;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.FencedException;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
class BackupsTest {
  private static final String NASTY =
      "tab\t, line\n, back\\slash, \\N, quote'\", Grüße \uD83D\uDC8E";

  private final BackupFixture it;

  BackupsTest(@TempDir Path folder) {
    it = new BackupFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void whatIsRestoredIsWhatWasThere() throws IOException {
    SampleLedger.write(it.before.ledger(), Instant.now());
    it.before.ledger().events().add(SampleLedger.QUEUED, null, Events.Level.INFO, NASTY);
    Manifest artifact = it.record("whole");

    Snapshot taken = it.take();
    assertThat(it.restore()).isEqualTo(taken);

    assertThat(it.said).anyMatch(line -> line.matches("\\d+ of \\d+ objects restored, \\d+ MB"));
    try (Ledger ledger = Ledger.open(it.freshLedger);
        ObjectStore store = ObjectStore.open(it.freshBucket)) {
      assertThat(store.verify(artifact)).isEmpty();
      assertThat(ledger.audit().verify().firstBroken()).isNull();
      assertThat(messages(ledger)).contains(NASTY);
    }
    Snapshot again = it.of(it.freshLedger, it.freshBucket).take(it.folder.resolve("again"));
    assertThat(again.schema()).isEqualTo(taken.schema());
    assertThat(withoutAudit(again)).isEqualTo(withoutAudit(taken));
    assertThat(again.missing()).isEqualTo(taken.missing());
  }

  @Test
  void newRowsGetNewNumbers() {
    it.before
        .ledger()
        .events()
        .add(BackupFixture.run(it.before.ledger()).id(), null, Events.Level.INFO, "before");
    it.take();
    it.restore();
    try (Ledger ledger = Ledger.open(it.freshLedger)) {
      String run = ledger.runs().unfinished().getFirst();
      ledger.events().add(run, null, Events.Level.INFO, "after");
      assertThat(messages(ledger)).endsWith("before", "after");
      assertThat(ledger.runs().get(run).status()).isEqualTo(RunStatus.QUEUED);
    }
  }

  @Test
  void aSecondBackupKeepsObjectsOnceAndTheNewestIsRestored() throws IOException {
    it.record("first");
    it.take();
    List<Path> objects = it.files("objects");
    it.record("second");
    Snapshot second = it.take();
    assertThat(it.files("objects")).containsAll(objects).hasSize(4);
    assertThat(it.restore()).isEqualTo(second);
  }

  @Test
  void objectsThatWereMissingAreToldAndDoNotStopARestore() {
    SampleLedger.write(it.before.ledger(), Instant.now());
    Snapshot taken = it.take();
    assertThat(taken.missing()).isNotEmpty().hasSize((int) taken.objects());
    assertThat(it.restore().missing()).isEqualTo(taken.missing());
  }

  @Test
  void anObjectThatRottedInTheFolderIsKeptAnew() throws IOException {
    it.record("artifact");
    it.take();
    Path object = it.files("objects").getFirst();
    byte[] bytes = Files.readAllBytes(object);
    byte[] rotten = bytes.clone();
    rotten[0] ^= 1;
    Files.write(object, rotten);
    assertThat(it.take().missing()).isEmpty();
    assertThat(object).hasBinaryContent(bytes);
  }

  @Test
  void anOldLedgerIsRestoredAndBroughtUpToDate() throws SQLException {
    LedgerConfig old = TestServices.freshLedger();
    Flyway.configure()
        .dataSource(old.url(), old.user(), old.password())
        .target("3")
        .load()
        .migrate();
    BackupFixture.execute(
        old,
        "insert into worker (id, pool, host, pid, devices, kinds) values ('w', 'cpu', 'h', 1, '[]', '{}')");
    Snapshot taken = it.of(old, it.freshBucket).take(it.folder);
    assertThat(taken.schema()).isEqualTo("3");
    it.restore();
    try (Ledger ledger = Ledger.open(it.freshLedger)) {
      assertThat(ledger.jdbc().sql("select id from worker").query(String.class).list())
          .containsExactly("w");
      BackupFixture.run(ledger);
    }
  }

  /** Whoever worked on a run before it was restored must not write into it afterwards. */
  @Test
  void anAttemptFromBeforeTheRestorationIsFencedOut() {
    Run run = BackupFixture.run(it.before.ledger());
    it.before.ledger().runs().begin(run.id());
    Stage stage = it.before.ledger().stages().get(run.id(), "synthesize");
    Fence running = it.before.ledger().attempts().begin(stage, "old", Map.of()).orElseThrow();
    it.take();
    Fence later = it.before.ledger().attempts().begin(stage, "old", Map.of()).orElseThrow();
    it.restore();
    try (Ledger ledger = Ledger.open(it.freshLedger)) {
      assertThatThrownBy(() -> ledger.attempts().heartbeat(running))
          .isInstanceOf(FencedException.class);
      Stage restored = ledger.stages().get(run.id(), "synthesize");
      Fence next = ledger.attempts().begin(restored, "new", Map.of()).orElseThrow();
      assertThat(next)
          .extracting(Fence::stageId, Fence::attemptId, Fence::epoch)
          .containsExactly(later.stageId(), later.attemptId(), later.epoch());
      assertThatThrownBy(() -> ledger.attempts().heartbeat(later))
          .isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> ledger.attempts().succeed(later, Map.of(), Map.of()))
          .isInstanceOf(FencedException.class);
      assertThat(ledger.attempts().heartbeat(next)).isFalse();
    }
  }

  @Test
  void aBackupThatWasCutOffIsNoneAndLeavesNothingBehind() throws IOException {
    BackupFixture.run(it.before.ledger());
    Path draft = Files.createDirectories(Snapshot.folder(it.folder, "20990101T000000.000Z.part"));
    Files.writeString(draft.resolve("run.copy.gz"), "half");
    assertThatThrownBy(it::restore).hasMessageContaining("holds no backup");
    Snapshot taken = it.take();
    assertThat(draft).doesNotExist();
    assertThat(it.restore()).isEqualTo(taken);
  }

  @Test
  void aDamagedObjectDoesNotStopABackup() throws IOException {
    Manifest artifact = it.record("damaged");
    Digest digest = artifact.files().getFirst().sha256();
    new Bucket(it.before.storeConfig())
        .write(
            "objects/%s/%s".formatted(digest.hex().substring(0, 2), digest.hex()), new byte[] {1});
    assertThat(it.take().missing()).containsExactly(digest);
    assertThat(it.restore().missing()).containsExactly(digest);
  }

  @Test
  void twoBackupsDoNotWriteIntoOneFolder() throws IOException {
    BackupFixture.run(it.before.ledger());
    try (Drafts other = Drafts.open(it.folder)) {
      assertThatThrownBy(it::take).hasMessageContaining("Another backup is being written");
      assertThat(other.make("x")).isEmptyDirectory();
    }
    assertThat(it.take().runs()).isEqualTo(1);
  }

  @Test
  void whatIsNoBackupIsSaidSo() {
    assertThatThrownBy(it::restore).hasMessageContaining("holds no backup");
    assertThatThrownBy(() -> it.fresh().restore(it.folder, "../x"))
        .isInstanceOf(BackupException.class);
  }

  private static List<String> messages(Ledger ledger) {
    return ledger.jdbc().sql("select message from event order by seq").query(String.class).list();
  }

  private static List<Snapshot.Table> withoutAudit(Snapshot snapshot) {
    return snapshot.tables().stream().filter(it -> !it.name().equals("audit_event")).toList();
  }
}
