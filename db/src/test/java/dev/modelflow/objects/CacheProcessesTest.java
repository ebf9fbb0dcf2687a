package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.objects.CacheProcess.Manner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share a cache, some of which are killed. */
class CacheProcessesTest {
  private final Path folder;
  private final List<CacheProcess> processes = new ArrayList<>();

  CacheProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void killAll() throws InterruptedException {
    for (CacheProcess process : processes) {
      process.kill();
    }
  }

  @Test
  void whatAKilledProcessLeftHalfFilledIsRemovedAndFilledAnew() throws Exception {
    Manifest first = CacheProcess.artifacts(folder).getFirst();
    CacheProcess process = start(Manner.HALF, 0);
    assertThat(process.says().readLine()).isEqualTo("half");
    ArtifactCache cache = CacheProcess.cache(folder);
    cache.trim();
    assertThat(cached()).singleElement().asString().endsWith(".100000.part");

    process.kill();

    cache.trim();
    assertThat(cached()).isEmpty();
    cache.materialise(first, folder.resolve("attempt"));
    assertThat(Digests.of(folder.resolve("attempt/file")))
        .isEqualTo(first.files().getFirst().sha256());
  }

  @Test
  void processesThatAreKilledNeitherDamageTheCacheNorStopTheOthers() throws Exception {
    CacheProcess.artifacts(folder);
    CacheProcess survivor = start(Manner.RANDOM, 0);
    for (int victim = 1; victim <= 4; victim++) {
      CacheProcess process = start(Manner.RANDOM, victim);
      for (int use = 0; use < 7 * victim; use++) {
        assertThat(process.says().readLine()).isEqualTo("used");
        assertThat(survivor.says().readLine()).isEqualTo("used");
      }
      process.kill();
    }
    assertThat(survivor.end()).isZero();

    deleteAttempts();
    ArtifactCache cache = CacheProcess.cache(folder);
    cache.trim();
    assertThat(cached()).isNotEmpty();
    assertThatAllAreWhole();

    // How much they left depends on when they were killed: room for what they had begun was made
    // in vain. How much fits does not.
    useEach(cache);
    cache.trim();
    assertThatAllAreWhole();
    assertThat(bytes()).isBetween(CacheProcess.BOUND - largest(), CacheProcess.BOUND);
  }

  private void assertThatAllAreWhole() throws IOException {
    for (Path file : cached()) {
      assertThat(Digests.of(file)).isEqualTo(new Digest(file.getFileName().toString()));
    }
  }

  /** All artifacts, which are more than the cache may hold. */
  private void useEach(ArtifactCache cache) throws IOException {
    Path attempt = folder.resolve("attempt");
    for (Manifest manifest : CacheProcess.artifacts(folder)) {
      cache.materialise(manifest, attempt);
      assertThat(Digests.of(attempt.resolve("file")))
          .isEqualTo(manifest.files().getFirst().sha256());
      Files.delete(attempt.resolve("file"));
    }
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : cached()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private long largest() throws IOException {
    return CacheProcess.artifacts(folder).stream()
        .mapToLong(it -> it.files().getFirst().size())
        .max()
        .orElseThrow();
  }

  private CacheProcess start(Manner manner, int seed) throws IOException {
    CacheProcess process = CacheProcess.start(folder, manner, seed);
    processes.add(process);
    return process;
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> walk = Files.walk(folder.resolve("cache"))) {
      return walk.filter(file -> Files.isRegularFile(file) && !file.endsWith("lock")).toList();
    }
  }

  /** As a worker does when it starts again. */
  private void deleteAttempts() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path attempt :
          left.filter(it -> it.getFileName().toString().startsWith("attempt")).toList()) {
        Files.deleteIfExists(attempt.resolve("file"));
      }
    }
  }
}
