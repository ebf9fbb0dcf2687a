package dev.modelflow.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A process that uses a cache in the folder {@code cache} below {@code folder}, whose store is the
 * folder {@code store}.
 */
record CacheProcess(Process process, BufferedReader says) {
  static final long BOUND = 1_000_000;

  /** How the process goes about it. */
  enum Manner {
    /** Uses one artifact after the other until its input ends, and checks each. */
    RANDOM,
    /** Says so when it has half of the first artifact, and goes no further. */
    HALF
  }

  static CacheProcess start(Path folder, Manner manner, int seed) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CacheProcess.class.getName(),
                folder.toString(),
                manner.name(),
                Integer.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new CacheProcess(process, process.inputReader(UTF_8));
  }

  /** Kills it without a word, as a machine does that is out of memory. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end; how it did. */
  int end() throws IOException, InterruptedException {
    process.outputWriter(UTF_8).close();
    says.transferTo(Writer.nullWriter());
    return process.waitFor();
  }

  /** The artifacts of the store, made when they are not there. */
  static List<Manifest> artifacts(Path folder) throws IOException {
    Path store = Files.createDirectories(folder.resolve("store"));
    List<Manifest> artifacts = new ArrayList<>();
    for (int number = 0; number < 8; number++) {
      byte[] bytes = new byte[100_000 + 40_000 * number];
      new Random(number).nextBytes(bytes);
      Digest digest = Digest.of(bytes);
      if (!Files.exists(store.resolve(digest.hex()))) {
        Files.write(store.resolve(digest.hex()), bytes);
      }
      artifacts.add(
          new Manifest(
              ArtifactKind.CORPUS,
              List.of(new ManifestFile("file", bytes.length, digest)),
              Map.of()));
    }
    return artifacts;
  }

  /** A cache over that store. */
  static ArtifactCache cache(Path folder) {
    return new ArtifactCache(
        folder.resolve("cache"), BOUND, (digest, target) -> whole(folder, digest, target));
  }

  /** Works as {@link #start} says. */
  static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path attempt = folder.resolve("attempt-" + ProcessHandle.current().pid());
    switch (Manner.valueOf(arguments[1])) {
      case HALF ->
          new ArtifactCache(folder.resolve("cache"), BOUND, (digest, target) -> half(target))
              .materialise(artifacts(folder).getFirst(), attempt);
      case RANDOM -> useAtRandom(folder, attempt, new Random(Integer.parseInt(arguments[2])));
    }
  }

  private static void useAtRandom(Path folder, Path attempt, Random random) throws IOException {
    CountDownLatch asked = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> awaitEnd(asked));
    ArtifactCache cache = cache(folder);
    List<Manifest> artifacts = artifacts(folder);
    while (asked.getCount() > 0) {
      Manifest manifest = artifacts.get(random.nextInt(artifacts.size()));
      cache.materialise(manifest, attempt);
      Path file = attempt.resolve("file");
      if (!Digests.of(file).equals(manifest.files().getFirst().sha256())) {
        throw new AssertionError(file + " holds other bytes");
      }
      Files.delete(file);
      cache.trim();
      System.out.println("used");
    }
  }

  private static void awaitEnd(CountDownLatch asked) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    } finally {
      asked.countDown();
    }
  }

  private static void whole(Path folder, Digest digest, Path target) {
    try {
      Files.copy(
          folder.resolve("store").resolve(digest.hex()),
          target,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void half(Path target) {
    try {
      Files.write(target, new byte[50_000]);
      System.out.println("half");
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
