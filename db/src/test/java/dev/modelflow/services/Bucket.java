package dev.modelflow.services;

import dev.modelflow.objects.ObjectStoreConfig;
import io.minio.CreateMultipartUploadArgs;
import io.minio.GetObjectArgs;
import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import java.io.ByteArrayInputStream;

/** The raw objects of a bucket, for tests that harm them behind the store's back. */
public final class Bucket {
  private final MinioClient client;
  private final MinioAsyncClient uploads;
  private final String name;

  /** The bucket of {@code config}. */
  public Bucket(ObjectStoreConfig config) {
    client =
        MinioClient.builder()
            .endpoint(config.endpoint())
            .credentials(config.accessKey(), config.secretKey())
            .build();
    uploads =
        MinioAsyncClient.builder()
            .endpoint(config.endpoint())
            .credentials(config.accessKey(), config.secretKey())
            .build();
    name = config.bucket();
  }

  /** Replaces the object at {@code key}. */
  public void write(String key, byte[] bytes) {
    trying(
        key,
        () ->
            client.putObject(
                PutObjectArgs.builder().bucket(name).object(key).stream(
                        new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
                    .build()));
  }

  /** The bytes of the object at {@code key}. */
  public byte[] read(String key) {
    return trying(
        key,
        () -> {
          try (var object =
              client.getObject(GetObjectArgs.builder().bucket(name).object(key).build())) {
            return object.readAllBytes();
          }
        });
  }

  /** Removes the object at {@code key}. */
  public void delete(String key) {
    trying(
        key,
        () -> {
          client.removeObject(RemoveObjectArgs.builder().bucket(name).object(key).build());
          return key;
        });
  }

  /** Begins an upload in parts to {@code key} that nobody completes. */
  public void beginUpload(String key) {
    trying(
        key,
        () ->
            uploads
                .createMultipartUpload(
                    CreateMultipartUploadArgs.builder().bucket(name).object(key).build())
                .get());
  }

  /** How many uploads in parts to {@code key} are listed when asked for them by that name. */
  public int uploads(String key) {
    return trying(
        key,
        () ->
            uploads
                .listMultipartUploads(
                    ListMultipartUploadsArgs.builder().bucket(name).prefix(key).build())
                .get()
                .result()
                .uploads()
                .size());
  }

  private static <T> T trying(String key, Call<T> call) {
    try {
      return call.run();
    } catch (Exception failure) {
      throw new IllegalStateException("Could not reach object " + key, failure);
    }
  }

  private interface Call<T> {
    T run() throws Exception;
  }
}
