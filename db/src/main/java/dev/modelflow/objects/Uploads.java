package dev.modelflow.objects;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
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
    Semaphore places = new Semaphore(AT_A_TIME);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ManifestFile>> uploads = new ArrayList<>();
      for (Path file : files) {
        uploads.add(
            threads.submit(
                () -> {
                  places.acquire();
                  try {
                    return upload(folder, file);
                  } finally {
                    places.release();
                  }
                }));
      }
      List<ManifestFile> entries = new ArrayList<>();
      for (Future<ManifestFile> upload : uploads) {
        entries.add(upload.get());
      }
      return new Manifest(kind, entries, properties);
    } catch (ExecutionException failure) {
      throw new ObjectStoreException(
          "Could not upload " + folder + ": " + failure.getCause(), failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException("Was stopped while uploading " + folder, stop);
    }
  }

  private ManifestFile upload(Path folder, Path file) throws IOException {
    Digest digest = Digests.of(file);
    store.put(file, digest, claim);
    String path = folder.relativize(file).toString().replace('\\', '/');
    return new ManifestFile(path, Files.size(file), digest);
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
