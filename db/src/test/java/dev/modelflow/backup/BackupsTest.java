package dev.modelflow.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Events;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.FencedException;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.objects.Uploads;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
class BackupsTest {
  private static final String NASTY =
      "tab\t, line\n, back\\slash, \\N, quote'\", Grüße \uD83D\uDC8E";

  private final LedgerFixture before = new LedgerFixture();
  private final LedgerConfig freshLedger = TestServices.freshLedger();
  private final ObjectStoreConfig freshBucket = TestServices.freshBucket();
  private final List<String> said = new ArrayList<>();
  private final Path folder;

  BackupsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    before.close();
  }

  @Test
  void whatIsRestoredIsWhatWasThere() throws IOException {
    SampleLedger.write(before.ledger(), Instant.now());
    before.ledger().events().add(SampleLedger.QUEUED, null, Events.Level.INFO, NASTY);
    Manifest artifact = record("whole");

    Snapshot taken = take();
    assertThat(restore()).isEqualTo(taken);

    assertThat(said).anyMatch(it -> it.matches("\\d+ of \\d+ objects restored, \\d+ MB"));
    try (Ledger ledger = Ledger.open(freshLedger);
        ObjectStore store = ObjectStore.open(freshBucket)) {
      assertThat(store.verify(artifact)).isEmpty();
      assertThat(ledger.audit().verify().firstBroken()).isNull();
      assertThat(messages(ledger)).contains(NASTY);
    }
    Snapshot again = new Backups(freshLedger, freshBucket, said::add).take(folder.resolve("again"));
    assertThat(again.schema()).isEqualTo(taken.schema());
    assertThat(withoutAudit(again)).isEqualTo(withoutAudit(taken));
    assertThat(again.missing()).isEqualTo(taken.missing());
  }

  @Test
  void newRowsGetNewNumbers() {
    before.ledger().events().add(run(before.ledger()).id(), null, Events.Level.INFO, "before");
    take();
    restore();
    try (Ledger ledger = Ledger.open(freshLedger)) {
      String run = ledger.runs().unfinished().getFirst();
      ledger.events().add(run, null, Events.Level.INFO, "after");
      assertThat(messages(ledger)).endsWith("before", "after");
      assertThat(ledger.runs().get(run).status()).isEqualTo(RunStatus.QUEUED);
    }
  }

  @Test
  void aSecondBackupKeepsObjectsOnceAndTheNewestIsRestored() throws IOException {
    record("first");
    take();
    List<Path> objects = files("objects");
    record("second");
    Snapshot second = take();
    assertThat(files("objects")).containsAll(objects).hasSize(4);
    assertThat(restore()).isEqualTo(second);
  }

  @Test
  void objectsThatWereMissingAreToldAndDoNotStopARestore() {
    SampleLedger.write(before.ledger(), Instant.now());
    Snapshot taken = take();
    assertThat(taken.missing()).isNotEmpty().hasSize((int) taken.objects());
    assertThat(restore().missing()).isEqualTo(taken.missing());
  }

  @Test
  void anObjectThatRottedInTheFolderIsKeptAnew() throws IOException {
    record("artifact");
    take();
    Path object = files("objects").getFirst();
    byte[] bytes = Files.readAllBytes(object);
    byte[] rotten = bytes.clone();
    rotten[0] ^= 1;
    Files.write(object, rotten);
    assertThat(take().missing()).isEmpty();
    assertThat(object).hasBinaryContent(bytes);
  }

  private static void execute(LedgerConfig config, String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void anOldLedgerIsRestoredAndBroughtUpToDate() throws SQLException {
    LedgerConfig old = TestServices.freshLedger();
    Flyway.configure()
        .dataSource(old.url(), old.user(), old.password())
        .target("3")
        .load()
        .migrate();
    execute(
        old,
        "insert into worker (id, pool, host, pid, devices, kinds) values ('w', 'cpu', 'h', 1, '[]', '{}')");
    Snapshot taken = new Backups(old, freshBucket, said::add).take(folder);
    assertThat(taken.schema()).isEqualTo("3");
    restore();
    try (Ledger ledger = Ledger.open(freshLedger)) {
      assertThat(ledger.jdbc().sql("select id from worker").query(String.class).list())
          .containsExactly("w");
      run(ledger);
    }
  }

  /** Whoever worked on a run before it was restored must not write into it afterwards. */
  @Test
  void anAttemptFromBeforeTheRestorationIsFencedOut() {
    Run run = run(before.ledger());
    before.ledger().runs().begin(run.id());
    Stage stage = before.ledger().stages().get(run.id(), "synthesize");
    Fence running = before.ledger().attempts().begin(stage, "old", Map.of()).orElseThrow();
    take();
    Fence later = before.ledger().attempts().begin(stage, "old", Map.of()).orElseThrow();
    restore();
    try (Ledger ledger = Ledger.open(freshLedger)) {
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
    run(before.ledger());
    Path draft = Files.createDirectories(Snapshot.folder(folder, "20990101T000000.000Z.part"));
    Files.writeString(draft.resolve("run.copy.gz"), "half");
    assertThatThrownBy(this::restore).hasMessageContaining("holds no backup");
    Snapshot taken = take();
    assertThat(draft).doesNotExist();
    assertThat(restore()).isEqualTo(taken);
  }

  @Test
  void aDamagedObjectDoesNotStopABackup() throws IOException {
    Manifest artifact = record("damaged");
    Digest digest = artifact.files().getFirst().sha256();
    new Bucket(before.storeConfig())
        .write(
            "objects/%s/%s".formatted(digest.hex().substring(0, 2), digest.hex()), new byte[] {1});
    assertThat(take().missing()).containsExactly(digest);
    assertThat(restore().missing()).containsExactly(digest);
  }

  @Test
  void twoBackupsDoNotWriteIntoOneFolder() throws IOException {
    run(before.ledger());
    try (Drafts other = Drafts.open(folder)) {
      assertThatThrownBy(this::take).hasMessageContaining("Another backup is being written");
      assertThat(other.make("x")).isEmptyDirectory();
    }
    assertThat(take().runs()).isEqualTo(1);
  }

  @Test
  void whatIsNoBackupIsSaidSo() {
    assertThatThrownBy(this::restore).hasMessageContaining("holds no backup");
    assertThatThrownBy(() -> backups().restore(folder, "../x")).isInstanceOf(BackupException.class);
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

  private static Run run(Ledger ledger) {
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

  private Manifest record(String name) throws IOException {
    Path made = folder.resolve("made-" + name);
    Files.createDirectories(made);
    byte[] bytes = new byte[100_000];
    new Random(name.hashCode()).nextBytes(bytes);
    Files.write(made.resolve("data.bin"), bytes);
    Files.writeString(made.resolve("notes.txt"), name);
    Manifest manifest = new Uploads(before.store()).upload(made, ArtifactKind.CORPUS, Map.of());
    before.ledger().artifacts().record(manifest);
    return manifest;
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(name))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<String> messages(Ledger ledger) {
    return ledger.jdbc().sql("select message from event order by seq").query(String.class).list();
  }

  private static List<Snapshot.Table> withoutAudit(Snapshot snapshot) {
    return snapshot.tables().stream().filter(it -> !it.name().equals("audit_event")).toList();
  }
}
