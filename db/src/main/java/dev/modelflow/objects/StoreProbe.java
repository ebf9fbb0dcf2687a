package dev.modelflow.objects;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How an object store stands, seen without patience; what it writes it deletes.
 *
 * @param bucket whether the bucket is there
 * @param fault what went wrong with an object that was put, read and deleted; null for nothing
 * @param clock what the server takes for now; empty when it does not say
 */
public record StoreProbe(boolean bucket, @Nullable String fault, Optional<Instant> clock) {
  /** Where a probe puts its object; what it is kept from deleting is swept. */
  static final String FOLDER = "objects/doctor/";

  /**
   * Asks the store.
   *
   * @throws Exception when it cannot be reached or lets nobody in with this key
   */
  public static StoreProbe of(ObjectStoreConfig config) throws Exception {
    AtomicReference<@Nullable Instant> clock = new AtomicReference<>();
    OkHttpClient http =
        Connections.http(config)
            .newBuilder()
            .addNetworkInterceptor(
                chain -> {
                  Response answer = chain.proceed(chain.request());
                  String date = answer.header("Date");
                  if (date != null) {
                    clock.set(instant(date));
                  }
                  return answer;
                })
            .build();
    try {
      MinioClient client = Connections.client(config, http);
      boolean bucket =
          client.bucketExists(BucketExistsArgs.builder().bucket(config.bucket()).build());
      @Nullable String fault = bucket ? roundTrip(client, config.bucket()) : null;
      return new StoreProbe(bucket, fault, Optional.ofNullable(clock.get()));
    } finally {
      http.dispatcher().executorService().shutdown();
      http.connectionPool().evictAll();
    }
  }

  private static Instant instant(String date) {
    return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  /** Among the objects, because the platform's key may be good for nothing else. */
  private static @Nullable String roundTrip(MinioClient client, String bucket) {
    String name = FOLDER + UUID.randomUUID();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    String step = "put";
    try {
      client.putObject(
          PutObjectArgs.builder().bucket(bucket).object(name).data(bytes, bytes.length).build());
      step = "read";
      boolean same = Arrays.equals(read(client, bucket, name), bytes);
      step = "deleted";
      client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(name).build());
      return same ? null : "an object came back with other bytes than were put";
    } catch (Exception refused) {
      return "an object could not be %s (%s)".formatted(step, refused.getMessage());
    }
  }

  private static byte[] read(MinioClient client, String bucket, String name) throws Exception {
    try (InputStream in =
        client.getObject(GetObjectArgs.builder().bucket(bucket).object(name).build())) {
      return in.readAllBytes();
    }
  }
}
