package dev.modelflow.objects;

import java.time.Duration;

/**
 * Where the objects are.
 *
 * @param endpoint address of an S3 server, e.g. {@code http://127.0.0.1:9000}
 * @param accessKey who asks
 * @param secretKey never printed
 * @param bucket holds all objects
 * @param patience how long a call waits for the server to come back before it fails
 */
public record ObjectStoreConfig(
    String endpoint, String accessKey, String secretKey, String bucket, Duration patience) {
  /** One minute of patience. */
  public ObjectStoreConfig(String endpoint, String accessKey, String secretKey, String bucket) {
    this(endpoint, accessKey, secretKey, bucket, Duration.ofMinutes(1));
  }

  @Override
  public String toString() {
    return "ObjectStoreConfig[" + endpoint + ", bucket " + bucket + "]";
  }
}
