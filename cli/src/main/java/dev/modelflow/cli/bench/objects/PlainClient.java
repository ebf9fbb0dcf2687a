package dev.modelflow.cli.bench.objects;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.ObjectStoreConfig;
import io.minio.DownloadObjectArgs;
import io.minio.MinioClient;
import io.minio.RemoveObjectArgs;
import io.minio.UploadObjectArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The store's own client as its makers give it, a thread for each file; it checks no digests. */
final class PlainClient implements AutoCloseable {
  private static final String FOLDER = "objects/bench/";

  private final MinioClient client;
  private final String bucket;

  PlainClient(ObjectStoreConfig config) {
    this.client =
        MinioClient.builder()
            .endpoint(config.endpoint())
            .region("us-east-1")
            .credentials(config.accessKey(), config.secretKey())
            .build();
    this.bucket = config.bucket();
  }

  void upload(List<Path> files) throws Exception {
    each(
        files,
        file ->
            client.uploadObject(
                UploadObjectArgs.builder()
                    .bucket(bucket)
                    .object(FOLDER + file.getFileName())
                    .filename(file.toString())
                    .build()));
  }

  /** Writes them to {@code folder} and deletes them again. */
  void download(List<Path> files, Path folder) throws Exception {
    each(
        files,
        file -> {
          Path target = folder.resolve(file.getFileName());
          client.downloadObject(
              DownloadObjectArgs.builder()
                  .bucket(bucket)
                  .object(FOLDER + file.getFileName())
                  .filename(target.toString())
                  .build());
          Files.delete(target);
        });
  }

  /** Removes what was uploaded here, and objects that the platform put. */
  void remove(List<Path> files, List<Digest> objects) throws Exception {
    List<String> names = new ArrayList<>();
    files.forEach(file -> names.add(FOLDER + file.getFileName()));
    objects.forEach(
        digest -> names.add("objects/" + digest.hex().substring(0, 2) + "/" + digest.hex()));
    for (String name : names) {
      client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(name).build());
    }
  }

  private interface Deed {
    void doIt(Path file) throws Exception;
  }

  private static void each(List<Path> files, Deed deed) throws Exception {
    List<Callable<Void>> deeds = new ArrayList<>();
    for (Path file : files) {
      deeds.add(
          () -> {
            deed.doIt(file);
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(files.size())) {
      for (Future<Void> done : threads.invokeAll(deeds)) {
        done.get();
      }
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof Exception cause ? cause : failure;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } catch (Exception failure) {
      throw new IOException("The client could not be closed", failure);
    }
  }
}
