package dev.modelflow.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
class ObjectStoreTest {
  private final ObjectStoreConfig config = TestServices.freshBucket();
  private final Bucket bucket = new Bucket(config);
  private final ObjectStore store = ObjectStore.open(config);
  private final Path folder;

  ObjectStoreTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("made/deep"));
    Files.writeString(folder.resolve("made/a.txt"), "alpha");
    Files.writeString(folder.resolve("made/deep/b.txt"), "beta");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anUploadedFolderComesBackThroughTheCacheAsItWas() throws IOException {
    Manifest manifest = upload();
    ArtifactCache cache = new ArtifactCache(folder.resolve("cache"), 1_000_000, store);
    cache.materialise(manifest, folder.resolve("back"));
    assertThat(folder.resolve("back/a.txt")).hasContent("alpha");
    assertThat(folder.resolve("back/deep/b.txt")).hasContent("beta");
    assertThat(Files.getAttribute(folder.resolve("back/a.txt"), "unix:nlink")).isEqualTo(2);
  }

  @Test
  void anUntouchedArtifactVerifies() {
    Manifest manifest = upload();
    assertThat(store.verify(manifest)).isEmpty();
    assertThat(store.holds(manifest)).isTrue();
  }

  @Test
  void oneChangedByteIsFoundAndNamed() throws IOException {
    Manifest manifest = upload();
    bucket.write(ObjectStore.key(Digest.of("beta")), "bexa".getBytes(UTF_8));
    assertThat(store.verify(manifest))
        .singleElement()
        .asString()
        .startsWith("'deep/b.txt' (objects/")
        .contains("differs: its bytes hash to " + Digest.of("bexa"));
    ArtifactCache cache = new ArtifactCache(folder.resolve("cache"), 1_000_000, store);
    assertThatThrownBy(() -> cache.materialise(manifest, folder.resolve("back")))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageContaining("holds other bytes than its name says");
  }

  @Test
  void whatIsDamagedIsSetAsideUntilItIsMadeAgain() throws IOException {
    Manifest manifest = upload();
    bucket.write(ObjectStore.key(Digest.of("beta")), "bexa".getBytes(UTF_8));
    assertThat(store.holds(manifest)).isTrue();

    assertThat(store.setAside(Digest.of("beta"))).isTrue();

    assertThat(store.holds(manifest)).isFalse();
    assertThat(bucket.read(ObjectStore.key(Digest.of("beta")).replace("objects/", "damaged/")))
        .asString(UTF_8)
        .isEqualTo("bexa");
    assertThat(upload()).isEqualTo(manifest);
    assertThat(store.verify(manifest)).isEmpty();
  }

  @Test
  void whatIsWholeOrMissingIsNotSetAside() throws IOException {
    Manifest manifest = upload();
    assertThat(store.setAside(Digest.of("beta"))).isFalse();
    assertThat(store.verify(manifest)).isEmpty();
    bucket.delete(ObjectStore.key(Digest.of("beta")));
    assertThat(store.setAside(Digest.of("beta"))).isFalse();
  }

  @Test
  void aMissingObjectIsFoundAndNamed() throws IOException {
    Manifest manifest = upload();
    bucket.delete(ObjectStore.key(Digest.of("alpha")));
    assertThat(store.holds(manifest)).isFalse();
    assertThat(store.verify(manifest))
        .extracting(ObjectStore.Flaw::path, ObjectStore.Flaw::what)
        .containsExactly(tuple("a.txt", "is missing"));
  }

  @Test
  void puttingAgainMendsAnObjectOfAnotherSize() throws IOException {
    Manifest manifest = upload();
    bucket.write(ObjectStore.key(Digest.of("alpha")), "al".getBytes(UTF_8));
    assertThat(upload()).isEqualTo(manifest);
    assertThat(store.verify(manifest)).isEmpty();
  }

  @Test
  void aDiskThatIsFullIsNotTakenForAStoreThatIsAway() throws IOException {
    upload();
    assertThatThrownBy(() -> store.get(Digest.of("alpha"), Path.of("/dev/full")))
        .isInstanceOf(UnwritableException.class)
        .hasMessageStartingWith("Could not write to '/dev/full': ");
  }

  @Test
  void whatIsNotThereHasNoSize() {
    assertThat(store.stat(Digest.of("nothing"))).isEmpty();
    ManifestFile file = new ManifestFile("x", 1, Digest.of("nothing"));
    assertThatThrownBy(() -> store.get(file.sha256(), folder.resolve("x")))
        .hasMessageContaining("is missing from the store");
  }

  private Manifest upload() {
    return new Uploads(store)
        .upload(folder.resolve("made"), ArtifactKind.CORPUS, Map.of("documents", "2"));
  }
}
