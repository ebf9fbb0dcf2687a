package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Owners;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An attempt needs an object that nobody owned for long, while a sweep has looked at it and is
 * about to remove it.
 */
@UsesServices
class SweepRaceTest {
  /** With this, every object that is there counts as one that has been there for long. */
  private static final Duration NEVER_NEW = Duration.ofMinutes(-1);

  private final LedgerFixture fixture = new LedgerFixture();
  private final Bucket bucket = new Bucket(fixture.storeConfig());
  private final ObjectStore store = ObjectStore.open(fixture.storeConfig(), NEVER_NEW);
  private final Path folder;

  SweepRaceTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("file"), "an object");
  }

  @AfterEach
  void close() {
    store.close();
    fixture.close();
  }

  @Test
  void whatIsRemovedAfterItWasPutAnewIsPutOnceMore() throws Exception {
    Owners owners = fixture.ledger().owners();
    new Uploads(store).upload(folder, ArtifactKind.CORPUS, Map.of());
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch putAnew = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sweep =
          threads.submit(
              () ->
                  owners.whileNobodyClaims(
                      () -> {
                        looked.countDown();
                        await(putAnew);
                        bucket.delete(ObjectStore.key(Digest.of("an object")));
                      }));
      looked.await();
      Manifest manifest =
          new Uploads(
                  store,
                  () -> {
                    putAnew.countDown();
                    owners.claim();
                  })
              .upload(folder, ArtifactKind.CORPUS, Map.of());
      sweep.get();
      fixture.ledger().artifacts().record(manifest);
      assertThat(store.verify(manifest)).isEmpty();
    }
  }

  @Test
  void whatHasBeenThereForLongIsNewAgainBeforeAnArtifactListsIt() throws Exception {
    new Uploads(store).upload(folder, ArtifactKind.CORPUS, Map.of());
    CountDownLatch claimed = new CountDownLatch(1);
    new Uploads(store, claimed::countDown).upload(folder, ArtifactKind.CORPUS, Map.of());
    assertThat(claimed.getCount()).isZero();
  }

  @Test
  void anUploadOfWhatWasNotThereWaitsOnceForThoseWhoRemove() throws Exception {
    Files.writeString(folder.resolve("another"), "another object");
    AtomicInteger claims = new AtomicInteger();
    Manifest manifest =
        new Uploads(fixture.store(), claims::incrementAndGet)
            .upload(folder, ArtifactKind.CORPUS, Map.of());
    assertThat(claims).hasValue(1);
    assertThat(fixture.store().verify(manifest)).isEmpty();
  }

  @Test
  void severalFoldersWaitOnceTogetherAndKeepTheirOrder(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve("b"), "another object");
    Files.writeString(other.resolve("a"), "an object");
    AtomicInteger claims = new AtomicInteger();
    List<Manifest> made =
        new Uploads(fixture.store(), claims::incrementAndGet)
            .upload(
                List.of(
                    new Uploads.Made(other, ArtifactKind.CORPUS, Map.of("name", "other")),
                    new Uploads.Made(folder, ArtifactKind.TOKENIZER, Map.of())));
    assertThat(claims).hasValue(1);
    assertThat(made).allMatch(fixture.store()::holds);
    assertThat(made)
        .containsExactly(
            new Uploads(fixture.store())
                .upload(other, ArtifactKind.CORPUS, Map.of("name", "other")),
            new Uploads(fixture.store()).upload(folder, ArtifactKind.TOKENIZER, Map.of()));
  }

  @Test
  void whatIsNewIsNotPutAgain() throws Exception {
    new Uploads(fixture.store()).upload(folder, ArtifactKind.CORPUS, Map.of());
    CountDownLatch claimed = new CountDownLatch(1);
    Manifest manifest =
        new Uploads(fixture.store(), claimed::countDown)
            .upload(folder, ArtifactKind.CORPUS, Map.of());
    assertThat(claimed.getCount()).isOne();
    assertThat(List.of(manifest)).allMatch(store::holds);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }
}
