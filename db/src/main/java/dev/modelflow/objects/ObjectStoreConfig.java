package dev.modelflow.objects;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects are.
 *
 * @param endpoint address of an S3 server, e.g. {@code http://127.0.0.1:9000}
 * @param accessKey who asks
 * @param secretKey never printed
 * @param bucket holds all objects
 * @param patience how long a call waits for the server to come back before it fails
 * @param authorities PEM file with those that sign the server's certificate; null for the JDK's own
 */
public record ObjectStoreConfig(
    String endpoint,
    String accessKey,
    String secretKey,
    String bucket,
    Duration patience,
    @Nullable Path authorities) {
  /** One minute of patience, the JDK's own authorities. */
  public ObjectStoreConfig(String endpoint, String accessKey, String secretKey, String bucket) {
    this(endpoint, accessKey, secretKey, bucket, Duration.ofMinutes(1), null);
  }

  /**
   * Who signs the server's certificate: those of this file, or with null those that the JDK knows.
   */
  public ObjectStoreConfig trusting(@Nullable Path signers) {
    return new ObjectStoreConfig(endpoint, accessKey, secretKey, bucket, patience, signers);
  }

  @Override
  public String toString() {
    return "ObjectStoreConfig[" + endpoint + ", bucket " + bucket + "]";
  }
}
