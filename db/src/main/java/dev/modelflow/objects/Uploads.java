package dev.modelflow.objects;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
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
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "Folder "
              + folder
              + " of a "
              + kind
              + " holds no file; a worker must write at least one");
    }
    try {
      Map<Path, Put> puts = new ConcurrentSkipListMap<>();
      Together.each(files, AT_A_TIME, file -> puts.put(file, put(folder, file)));
      putOnceMore(puts.values().stream().filter(Put::fresh).toList());
      return new Manifest(kind, puts.values().stream().map(Put::entry).toList(), properties);
    } catch (IOException | RuntimeException failure) {
      throw new ObjectStoreException("Could not upload " + folder + ": " + failure, failure);
    }
  }

  /**
   * What was put.
   *
   * @param fresh whether it was not there before, or was old
   */
  private record Put(Path file, ManifestFile entry, boolean fresh) {}

  private Put put(Path folder, Path file) throws IOException {
    Digest digest = Digests.of(file);
    boolean fresh = store.putAsNew(file, digest);
    String path = folder.relativize(file).toString().replace('\\', '/');
    return new Put(file, new ManifestFile(path, Files.size(file), digest), fresh);
  }

  /** Whoever removes objects may have looked at these before they were new. */
  private void putOnceMore(List<Put> puts) {
    if (!puts.isEmpty()) {
      claim.run();
      Together.each(puts, AT_A_TIME, it -> store.put(it.file(), it.entry().sha256()));
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
