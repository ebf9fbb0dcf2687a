package dev.modelflow.objects;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Uploads folders, several files at a time. */
public final class Uploads {
  private static final int AT_A_TIME = 4;

  private final ObjectStore store;
  private final Runnable claim;

  /** Uploads to {@code store}, from which nobody removes anything meanwhile. */
  public Uploads(ObjectStore store) {
    this(store, () -> {});
  }

  /**
   * Uploads to {@code store}.
   *
   * @param claim returns when all objects that were being removed for want of an owner are removed
   */
  public Uploads(ObjectStore store, Runnable claim) {
    this.store = store;
    this.claim = claim;
  }

  /**
   * Puts every file of {@code folder} into the store. When this returns, the artifact's objects are
   * all there.
   *
   * @throws IllegalArgumentException when the folder is missing or holds no file
   */
  public Manifest upload(Path folder, ArtifactKind kind, Map<String, String> properties) {
    return upload(List.of(new Made(folder, kind, properties))).getFirst();
  }

  /** What {@link #upload(Path, ArtifactKind, Map)} is told of one folder. */
  public record Made(Path folder, ArtifactKind kind, Map<String, String> properties) {}

  /** The same for several folders at once; returns their artifacts in the same order. */
  public List<Manifest> upload(List<Made> folders) {
    List<Source> sources = folders.stream().distinct().flatMap(Uploads::sources).toList();
    Queue<Put> puts = new ConcurrentLinkedQueue<>();
    try {
      Together.each(sources, AT_A_TIME, source -> puts.add(put(source)));
      putOnceMore(puts.stream().filter(Put::fresh).toList());
    } catch (IOException | RuntimeException failure) {
      throw new ObjectStoreException(
          "Could not upload %s: %s".formatted(names(folders), failure), failure);
    }
    return folders.stream().map(made -> manifest(made, puts)).toList();
  }

  private static Manifest manifest(Made made, Collection<Put> puts) {
    List<ManifestFile> entries =
        puts.stream()
            .filter(put -> put.source().of().equals(made))
            .sorted(Comparator.comparing(put -> put.source().file()))
            .map(Put::entry)
            .toList();
    return new Manifest(made.kind(), entries, made.properties());
  }

  private static String names(List<Made> folders) {
    return folders.stream().map(made -> made.folder().toString()).collect(Collectors.joining(", "));
  }

  /** A file of a folder. */
  private record Source(Made of, Path file) {}

  private static Stream<Source> sources(Made made) {
    List<Path> files = files(made.folder());
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "Folder "
              + made.folder()
              + " of a "
              + made.kind()
              + " holds no file; a worker must write at least one");
    }
    return files.stream().map(file -> new Source(made, file));
  }

  /**
   * What was put.
   *
   * @param fresh whether it was not there before, or was old
   */
  private record Put(Source source, ManifestFile entry, boolean fresh) {}

  private Put put(Source source) throws IOException {
    Path file = source.file();
    Digest digest = Digests.of(file);
    boolean fresh = store.putAsNew(file, digest);
    String path = source.of().folder().relativize(file).toString().replace('\\', '/');
    return new Put(source, new ManifestFile(path, Files.size(file), digest), fresh);
  }

  /** Whoever removes objects may have looked at these before they were new. */
  private void putOnceMore(List<Put> puts) {
    if (!puts.isEmpty()) {
      claim.run();
      Together.each(puts, AT_A_TIME, it -> store.put(it.source().file(), it.entry().sha256()));
    }
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("Folder " + folder + " does not exist");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not list " + folder, failure);
    }
  }
}
