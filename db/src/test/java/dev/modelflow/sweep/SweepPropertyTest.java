package dev.modelflow.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.objects.Inventory;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Over random ledgers and buckets, which grow from try to try. */
@UsesServices
class SweepPropertyTest {
  private static final Duration ANYTHING = Duration.ofMinutes(-1);

  private final LedgerFixture fixture = new LedgerFixture();
  private final Inventory inventory = Inventory.open(fixture.storeConfig());
  private final Set<Digest> owned = new TreeSet<>();
  private final Path file;

  SweepPropertyTest() throws IOException {
    file = Files.createTempFile("object", "");
  }

  @BeforeProperty
  void begin() throws IOException {
    own(List.of(0));
    put(0);
  }

  @AfterProperty
  void close() throws IOException {
    Files.delete(file);
    inventory.close();
    fixture.close();
  }

  @Property(tries = 25)
  void afterASweepTheBucketHoldsWhatArtifactsListAndNothingElse(
      @ForAll @Size(max = 12) Set<@IntRange(max = 40) Integer> uploaded,
      @ForAll @Size(max = 3)
          List<@Size(min = 1, max = 4) Set<@IntRange(max = 40) Integer>> artifacts)
      throws IOException {
    for (int object : uploaded) {
      put(object);
    }
    for (Set<Integer> artifact : artifacts) {
      for (int object : artifact) {
        put(object);
      }
      own(List.copyOf(artifact));
    }
    long garbage = held().stream().filter(it -> !owned.contains(it)).count();

    Swept swept = new Sweep(fixture.ledger(), inventory, ANYTHING, ANYTHING).run(false);

    assertThat(swept.objects()).isEqualTo(garbage);
    assertThat(held()).isEqualTo(owned);
  }

  private void put(int object) throws IOException {
    Files.writeString(file, text(object));
    fixture.store().put(file, Digest.of(text(object)));
  }

  private void own(List<Integer> objects) {
    List<ManifestFile> files =
        objects.stream()
            .map(it -> new ManifestFile("f" + it, text(it).length(), Digest.of(text(it))))
            .toList();
    fixture.ledger().artifacts().record(new Manifest(ArtifactKind.CORPUS, files, Map.of()));
    files.forEach(it -> owned.add(it.sha256()));
  }

  private static String text(int object) {
    return "object " + object;
  }

  private Set<Digest> held() {
    List<Inventory.Stored> all = new ArrayList<>();
    inventory.olderThan(ANYTHING, 7, all::addAll);
    Set<Digest> held = new TreeSet<>();
    all.forEach(it -> held.add(it.digest().orElseThrow()));
    return held;
  }
}
