package dev.modelflow.objects;

import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import okhttp3.Headers;

/**
 * How long objects have been in a bucket, by the store's own clock: this machine's may be wrong.
 */
final class Ages {
  private final MinioClient client;
  private final String bucket;

  Ages(MinioClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /** Since when the object is as it is; empty when there is none. */
  Optional<Duration> of(String key) throws MinioException {
    try {
      StatObjectResponse answer =
          client.statObject(StatObjectArgs.builder().bucket(bucket).object(key).build());
      return Optional.of(between(answer.lastModified(), answer.headers()));
    } catch (ErrorResponseException answer) {
      if (answer.response().code() == 404) {
        return Optional.empty();
      }
      throw answer;
    }
  }

  /** From {@code then} to when the store gave an answer with these headers. */
  static Duration between(ZonedDateTime then, Headers headers) {
    Instant now = headers.getInstant("Date");
    return Duration.between(then.toInstant(), now == null ? Instant.now() : now);
  }
}
