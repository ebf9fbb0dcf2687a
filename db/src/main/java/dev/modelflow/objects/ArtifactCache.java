package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder of read-only files by digest, filled from the object store. Several processes may share
 * it: files appear by atomic rename only, after their digest was checked.
 */
public final class ArtifactCache {
  private final Path root;
  private final ObjectStore store;

  /** A cache in {@code root}, which is made when there is none. */
  public ArtifactCache(Path root, ObjectStore store) {
    this.root = root;
    this.store = store;
  }

  /**
   * Lays an artifact out as a folder of hard links to cached files. Whoever reads it must not write
   * to it.
   *
   * @param folder must not exist
   */
  public void materialise(Manifest manifest, Path folder) {
    try {
      Files.createDirectories(folder);
      for (ManifestFile file : manifest.files()) {
        Path target = folder.resolve(file.path());
        Files.createDirectories(target.getParent());
        link(cached(file), target);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not lay out an artifact in " + folder, failure);
    }
  }

  private Path cached(ManifestFile file) throws IOException {
    Digest digest = file.sha256();
    Path place = root.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    if (!Files.exists(place) || Files.size(place) != file.size()) {
      fetch(digest, place);
    }
    return place;
  }

  private void fetch(Digest digest, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    Path partial = Files.createTempFile(place.getParent(), "partial-", "");
    try {
      store.get(digest, partial);
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r--r--r--"));
      Files.move(
          partial, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void link(Path cached, Path target) throws IOException {
    try {
      Files.createLink(target, cached);
    } catch (FileAlreadyExistsException there) {
      throw there;
    } catch (UnsupportedOperationException | IOException otherFileSystem) {
      Files.copy(cached, target);
    }
  }
}
