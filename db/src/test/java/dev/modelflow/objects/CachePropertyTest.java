package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A cache holds what the simplest possible one would hold, whatever attempts come and go. */
class CachePropertyTest {
  private static final int BOUND = 60;
  private static final List<String> TEXTS =
      IntStream.range(0, 12).mapToObj(i -> Character.toString('a' + i).repeat(1 + 7 * i)).toList();

  /** An attempt that begins with one of the files, or the end of the attempt that began first. */
  sealed interface Move {
    record Begin(int file) implements Move {}

    record End() implements Move {}
  }

  /** What is laid out in {@code folder}. Nothing reads it later, which may count as a use. */
  private record Attempt(Path folder, String text) {
    Path file() {
      return folder.resolve("file");
    }
  }

  @Property(tries = 150)
  void theCacheHoldsWhatTheModelHolds(@ForAll("moves") List<Move> moves) throws IOException {
    Path folder = Files.createTempDirectory("cache");
    Model model = new Model();
    ArtifactCache cache =
        new ArtifactCache(folder.resolve("cache"), BOUND, CachePropertyTest::fetch);
    Deque<Attempt> attempts = new ArrayDeque<>();
    int begun = 0;
    for (Move move : moves) {
      switch (move) {
        case Move.Begin(int file) -> {
          Attempt attempt = new Attempt(folder.resolve("attempt-" + begun++), TEXTS.get(file));
          cache.materialise(artifact(attempt.text()), attempt.folder());
          assertThat(attempt.file()).hasContent(attempt.text());
          attempts.add(attempt);
          model.begin(attempt.text());
        }
        case Move.End() -> {
          if (!attempts.isEmpty()) {
            Attempt attempt = attempts.remove();
            Files.delete(attempt.file());
            model.end(attempt.text());
          }
          cache.trim();
        }
      }
      assertThat(cached(folder.resolve("cache"))).containsExactlyInAnyOrderElementsOf(model.held);
    }
    assertThat(attempts.isEmpty() ? bytes(model.held) : 0).isLessThanOrEqualTo(BOUND);
    Folders.delete(folder);
  }

  @Provide
  Arbitrary<List<Move>> moves() {
    Arbitrary<Move> begin =
        Arbitraries.integers().between(0, TEXTS.size() - 1).map(Move.Begin::new);
    return Arbitraries.oneOf(begin, Arbitraries.just(new Move.End())).list().ofMaxSize(40);
  }

  private static Manifest artifact(String text) {
    return new Manifest(
        ArtifactKind.CORPUS,
        List.of(new ManifestFile("file", text.length(), Digest.of(text))),
        Map.of());
  }

  private static void fetch(Digest digest, Path target) {
    try {
      Files.writeString(target, text(digest));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String text(Digest digest) {
    return TEXTS.stream().filter(it -> Digest.of(it).equals(digest)).findFirst().orElseThrow();
  }

  /** The texts of a cache's files, each of which must be the one of its name. */
  private static List<String> cached(Path root) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("lock")) {
          texts.add(text(new Digest(file.getFileName().toString())));
          assertThat(Files.size(file)).isEqualTo(texts.getLast().length());
        }
      }
    }
    return texts;
  }

  private static int bytes(List<String> texts) {
    return texts.stream().mapToInt(String::length).sum();
  }

  /** What a cache should hold, least recently used first. */
  private static final class Model {
    private final List<String> held = new ArrayList<>();
    private final Map<String, Integer> inUse = new HashMap<>();

    void begin(String text) {
      if (!held.remove(text)) {
        evict(BOUND - text.length());
      }
      held.add(text);
      inUse.merge(text, 1, Integer::sum);
    }

    void end(String text) {
      inUse.merge(text, -1, Integer::sum);
      evict(BOUND);
    }

    private void evict(int most) {
      for (String text : List.copyOf(held)) {
        if (bytes(held) > most && inUse.getOrDefault(text, 0) == 0) {
          held.remove(text);
        }
      }
    }
  }
}
