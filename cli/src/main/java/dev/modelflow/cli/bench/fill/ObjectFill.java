package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.ManifestFile;
import dev.modelflow.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Uploads the small files of artifacts, some at a time. */
final class ObjectFill implements AutoCloseable {
  private static final int AT_A_TIME = 4;

  private final ObjectStore store;
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
  private final List<Future<?>> uploads = new ArrayList<>();

  ObjectFill(ObjectStore store) {
    this.store = store;
  }

  /** Begins to upload an artifact's files. */
  void put(Artifact artifact) {
    for (ManifestFile file : artifact.manifest().files()) {
      uploads.add(threads.submit(() -> put(artifact, file)));
    }
  }

  private Void put(Artifact artifact, ManifestFile file) throws IOException {
    Path copy = Files.createTempFile("modelflow-bench", null);
    try {
      Files.write(copy, artifact.bytes(file.path()));
      store.put(copy, file.sha256());
      return null;
    } finally {
      Files.delete(copy);
    }
  }

  /** Waits for all that was begun; throws {@link IOException} when one failed. */
  void await() throws IOException, InterruptedException {
    for (Future<?> upload : uploads) {
      try {
        upload.get();
      } catch (ExecutionException failure) {
        throw new IOException("An object could not be uploaded", failure.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
