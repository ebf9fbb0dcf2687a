package dev.modelflow.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.objects.Inventory;
import dev.modelflow.objects.Uploads;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
class SweepTest {
  /** Whatever is there is older than this. */
  private static final Duration ANYTHING = Duration.ofMinutes(-1);

  private static final Swept NOTHING = new Swept(0, 0, 0);

  private final LedgerFixture fixture = new LedgerFixture();
  private final Bucket bucket = new Bucket(fixture.storeConfig());
  private final Inventory inventory = Inventory.open(fixture.storeConfig());
  private final Path folder;

  SweepTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    inventory.close();
    fixture.close();
  }

  @Test
  void whatAnArtifactListsStaysAndTheRestGoes() throws IOException {
    Manifest owned = upload("owned");
    fixture.ledger().artifacts().record(owned);
    Manifest cutOff = upload("of an attempt that was cut off");

    assertThat(sweep(ANYTHING).run(true)).isEqualTo(new Swept(1, cutOff.totalSize(), 0));
    assertThat(fixture.store().holds(cutOff)).isTrue();

    assertThat(sweep(ANYTHING).run(false)).isEqualTo(new Swept(1, cutOff.totalSize(), 0));
    assertThat(fixture.store().holds(cutOff)).isFalse();
    assertThat(fixture.store().verify(owned)).isEmpty();
    assertThat(sweep(ANYTHING).run(false)).isEqualTo(NOTHING);
  }

  @Test
  void whatIsYoungerThanTheRetentionStays() throws IOException {
    fixture.ledger().artifacts().record(upload("owned"));
    Manifest underWay = upload("of an attempt that is under way");
    assertThat(sweep(Sweep.SHORTEST).run(false)).isEqualTo(NOTHING);
    assertThat(fixture.store().holds(underWay)).isTrue();
  }

  @Test
  void whatWasSetAsideAsDamagedGoesAndForeignNamesStay() throws IOException {
    Manifest owned = upload("owned");
    fixture.ledger().artifacts().record(owned);
    Digest object = owned.files().getFirst().sha256();
    bucket.write(key(object), new byte[] {1, 2, 3});
    fixture.store().setAside(object);
    bucket.write("notes/of-somebody", new byte[] {1});
    bucket.write("objects/readme", new byte[] {1});

    assertThat(sweep(ANYTHING).run(false)).isEqualTo(new Swept(1, 3, 0));
    assertThat(bucket.read("notes/of-somebody")).hasSize(1);
    assertThat(bucket.read("objects/readme")).hasSize(1);
  }

  @Test
  void whatAProbeWasKeptFromDeletingGoes() throws IOException {
    fixture.ledger().artifacts().record(upload("owned"));
    bucket.write("objects/doctor/8b8c6d3e-6f0a-4b0e-9a3e-2f1f5b0c7d11", new byte[] {1, 2});
    assertThat(sweep(Sweep.SHORTEST).run(false)).isEqualTo(NOTHING);
    assertThat(sweep(ANYTHING).run(false)).isEqualTo(new Swept(1, 2, 0));
    assertThat(sweep(ANYTHING).run(true)).isEqualTo(NOTHING);
  }

  @Test
  void anUploadThatWasBrokenOffIsEnded() throws IOException {
    Manifest owned = upload("owned");
    fixture.ledger().artifacts().record(owned);
    String key = key(Digest.of("never completed"));
    bucket.beginUpload(key);

    assertThat(sweep(Sweep.SHORTEST).run(false)).isEqualTo(NOTHING);
    assertThat(sweep(ANYTHING).run(false)).isEqualTo(new Swept(0, 0, 1));
    assertThat(bucket.uploads(key)).isZero();
    assertThat(fixture.store().verify(owned)).isEmpty();
  }

  @Test
  void aLedgerThatIsHardlyThatOfTheBucketRemovesNothing() throws IOException {
    Manifest anothers = upload("another ledger's");
    assertThatThrownBy(() -> sweep(ANYTHING).run(false))
        .isInstanceOf(SweepException.class)
        .hasMessageContaining("is it the ledger of this bucket?");
    assertThat(fixture.store().holds(anothers)).isTrue();
  }

  @Test
  void aSweepMakesNoLedgerAndSaysWhyItCannotAskIt() throws IOException {
    Manifest anothers = upload("another ledger's");
    try (Ledger none = Ledger.connect(TestServices.freshLedger())) {
      assertThatThrownBy(() -> new Sweep(none, inventory, ANYTHING, ANYTHING).run(true))
          .isInstanceOf(SweepException.class)
          .hasMessageContaining("The ledger could not be asked")
          .hasMessageContaining("artifact_file");
      assertThat(none.jdbc().sql("select to_regclass('run') is null").query(Boolean.class).single())
          .isTrue();
    }
    assertThat(fixture.store().holds(anothers)).isTrue();
  }

  @Test
  void aRetentionThatCouldHitAnUploadUnderWayIsRefused() {
    assertThatThrownBy(() -> new Sweep(fixture.ledger(), inventory, Sweep.SHORTEST.minusSeconds(1)))
        .isInstanceOf(SweepException.class)
        .hasMessageContaining("A retention of 23 hours is too short");
  }

  private Sweep sweep(Duration retention) {
    return new Sweep(fixture.ledger(), inventory, retention, ANYTHING);
  }

  private Manifest upload(String text) throws IOException {
    Path made = Files.createDirectories(folder.resolve(Digest.of(text).brief()));
    Files.writeString(made.resolve("file"), text);
    return new Uploads(fixture.store()).upload(made, ArtifactKind.CORPUS, Map.of());
  }

  private static String key(Digest digest) {
    return "objects/%s/%s".formatted(digest.hex().substring(0, 2), digest.hex());
  }
}
