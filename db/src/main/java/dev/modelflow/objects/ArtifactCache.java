package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.locks.MachineLocks.Held;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A folder of read-only files by digest, filled from the object store and bounded in bytes. All
 * threads and processes of a machine may share it, and any of them may be killed at any moment:
 * files appear by atomic rename only, after their digest was checked, and what a killed process
 * left half filled is removed.
 *
 * <p>What was not used for the longest time goes first. What is laid out as links stays until its
 * folder is deleted; where that alone is more than the bound, the cache is larger until then.
 */
public final class ArtifactCache {
  private static final int FILES_AT_A_TIME = 4;

  private final Path root;
  private final Source source;
  private final CacheFolder files;

  /**
   * A cache in {@code root}, which is made when there is none.
   *
   * @param bound most bytes that it holds
   */
  public ArtifactCache(Path root, long bound, ObjectStore store) {
    this(root, bound, store::get);
  }

  ArtifactCache(Path root, long bound, Source source) {
    this.root = root;
    this.source = source;
    try {
      this.files = new CacheFolder(root, bound);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not open the cache in " + root, failure);
    }
  }

  /** Where files come from: {@link ObjectStore#get}. */
  @FunctionalInterface
  interface Source {
    void get(Digest digest, Path target);
  }

  /**
   * Lays an artifact out, several files at a time, as a folder of hard links to cached files, or
   * copies of them where the folder is on another file system. Whoever reads it must not write to
   * it. Throws {@link ObjectStoreException} when an object is missing or damaged, or finds no room
   * on the disk.
   *
   * @param folder must not exist
   */
  public void materialise(Manifest manifest, Path folder) {
    try {
      Files.createDirectories(folder);
      Together.each(
          manifest.files(),
          FILES_AT_A_TIME,
          file -> {
            Path target = folder.resolve(file.path());
            Files.createDirectories(target.getParent());
            layOut(file, target);
          });
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not lay out an artifact in " + folder, failure);
    }
  }

  /** Brings the cache back within its bound; to be called when folders laid out were deleted. */
  public void trim() {
    try {
      files.trim();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not trim the cache in " + root, failure);
    }
  }

  private void layOut(ManifestFile file, Path target) throws IOException {
    if (layOutCached(file, target)) {
      return;
    }
    try (Held _ = files.filling(file.sha256())) {
      // Whoever was filling it when we came may be done.
      if (!layOutCached(file, target)) {
        fill(file, target);
      }
    }
  }

  private boolean layOutCached(ManifestFile file, Path target) throws IOException {
    if (!files.holds(file.sha256(), file.size())) {
      return false;
    }
    try {
      link(files.place(file.sha256()), target);
    } catch (NoSuchFileException evicted) {
      return false;
    }
    files.use(file.sha256());
    return true;
  }

  private void fill(ManifestFile file, Path target) throws IOException {
    Path part = files.reserve(file.sha256(), file.size());
    try {
      fetch(file, part);
      CacheFolder.seal(part);
      // Before others see it, and could evict it.
      link(part, target);
      files.show(part, file.sha256());
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void fetch(ManifestFile file, Path part) throws IOException {
    while (true) {
      try {
        source.get(file.sha256(), part);
        return;
      } catch (UnwritableException full) {
        if (!files.free(file.size())) {
          throw new ObjectStoreException(
              "The cache in '%s' has no room for object %s of %d bytes, and nothing to evict: %s;"
                      .formatted(root, file.sha256(), file.size(), full.getMessage())
                  + " free space on its disk or move the cache to a larger one",
              full);
        }
      }
    }
  }

  private static void link(Path cached, Path target) throws IOException {
    try {
      Files.createLink(target, cached);
    } catch (FileAlreadyExistsException | NoSuchFileException lasting) {
      throw lasting;
    } catch (UnsupportedOperationException | IOException otherFileSystem) {
      Files.copy(cached, target);
    }
  }
}
