package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
  private final Path root;
  private final Path attempts;
  private final Map<Digest, String> texts = new ConcurrentHashMap<>();
  private final AtomicInteger fetched = new AtomicInteger();

  ArtifactCacheTest(@TempDir Path folder) {
    root = folder.resolve("cache");
    attempts = folder.resolve("attempts");
  }

  @Test
  void whatWasNotUsedForTheLongestTimeGoesFirst() throws IOException {
    ArtifactCache cache = new ArtifactCache(root, 10, this::fetch);
    use(cache, "aaaa");
    use(cache, "bbbb");
    use(cache, "aaaa");
    use(cache, "cccc");
    assertThat(cached()).containsExactlyInAnyOrder("aaaa", "cccc");
    assertThat(fetched).hasValue(3);
  }

  @Test
  void whatAnAttemptUsesStaysEvenOverTheBound() throws IOException {
    ArtifactCache cache = new ArtifactCache(root, 5, this::fetch);
    cache.materialise(artifact("aaaa"), attempts.resolve("1"));
    cache.materialise(artifact("bbbbbb"), attempts.resolve("2"));
    use(cache, "cc");
    assertThat(cached()).contains("aaaa", "bbbbbb");

    Files.delete(attempts.resolve("2/file"));
    cache.trim();

    assertThat(cached()).containsExactly("aaaa");
    assertThat(attempts.resolve("1/file")).hasContent("aaaa");
  }

  @Test
  void aFileThatSomeoneWroteToIsFetchedAgain() throws IOException {
    ArtifactCache cache = new ArtifactCache(root, 10, this::fetch);
    cache.materialise(artifact("aaaa"), attempts.resolve("1"));
    Path link = attempts.resolve("1/file");
    Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(link, "axaa");

    cache.materialise(artifact("aaaa"), attempts.resolve("2"));

    assertThat(attempts.resolve("2/file")).hasContent("aaaa");
    assertThat(cached()).containsExactly("aaaa");
  }

  @Test
  void aFullDiskIsClearedOfWhatWasNotUsedForTheLongestTime() throws IOException {
    ArtifactCache cache = new ArtifactCache(root, 1000, disk(10));
    use(cache, "aaaa");
    use(cache, "bbbb");
    use(cache, "aaaa");
    use(cache, "cccc");
    assertThat(cached()).containsExactlyInAnyOrder("aaaa", "cccc");
  }

  @Test
  void aDiskThatIsFullOfOtherThingsIsAnErrorThatSaysWhatToDo() throws IOException {
    ArtifactCache cache = new ArtifactCache(root, 1000, disk(10));
    cache.materialise(artifact("aaaa"), attempts.resolve("1"));
    assertThatThrownBy(() -> use(cache, "twelve bytes"))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageStartingWith(
            "The cache in '%s' has no room for object %s of 12 bytes, and nothing to evict: "
                .formatted(root, Digest.of("twelve bytes")))
        .hasMessageEndingWith(
            "No space left on device; free space on its disk or move the cache to a larger one");
    assertThat(cached()).containsExactly("aaaa");
  }

  @Test
  void workersThatNeedTheSameFileFetchItOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(4);
    List<Thread> workers =
        IntStream.range(0, 4)
            .mapToObj(
                worker -> {
                  ArtifactCache own = new ArtifactCache(root, 100, this::fetch);
                  return Thread.ofVirtual()
                      .start(
                          () -> {
                            all.countDown();
                            own.materialise(artifact("shared"), attempts.resolve("w" + worker));
                          });
                })
            .toList();
    for (Thread worker : workers) {
      worker.join();
    }
    assertThat(fetched).hasValue(1);
    for (int worker = 0; worker < 4; worker++) {
      assertThat(attempts.resolve("w" + worker + "/file")).hasContent("shared");
    }
  }

  private void use(ArtifactCache cache, String text) throws IOException {
    Path folder = attempts.resolve("short");
    cache.materialise(artifact(text), folder);
    assertThat(folder.resolve("file")).hasContent(text);
    Files.delete(folder.resolve("file"));
    Files.delete(folder);
  }

  private Manifest artifact(String text) {
    texts.put(Digest.of(text), text);
    return new Manifest(
        ArtifactKind.CORPUS,
        List.of(new ManifestFile("file", text.length(), Digest.of(text))),
        Map.of());
  }

  private String text(Digest digest) {
    return Objects.requireNonNull(texts.get(digest));
  }

  private void fetch(Digest digest, Path target) {
    fetched.incrementAndGet();
    try {
      Files.writeString(target, text(digest));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A source on whose target's disk are so many bytes. */
  private ArtifactCache.Source disk(int bytes) {
    return (digest, target) -> {
      try (Stream<Path> walk = Files.walk(root)) {
        int held =
            walk.filter(file -> Files.isRegularFile(file) && !file.equals(target))
                .mapToInt(file -> (int) file.toFile().length())
                .sum();
        if (held + text(digest).length() > bytes) {
          Files.writeString(target, "par");
          throw new UnwritableException(target, new IOException("No space left on device"));
        }
        fetch(digest, target);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    };
  }

  private List<String> cached() throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(file -> Files.isRegularFile(file) && !file.endsWith("lock"))
          .map(file -> text(new Digest(file.getFileName().toString())))
          .toList();
    }
  }
}
