package dev.modelflow.services;

import dev.modelflow.objects.ObjectStoreConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** A Postgres and an S3 server of the test JVM's own, each started when first asked for. */
final class EmbeddedServers implements Servers {
  private static final String KEY = "test-key";
  private static final String SECRET = "test-secret";

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public Database postgres() {
    return new Database(
        "jdbc:postgresql://127.0.0.1:" + Postgres.SERVER.getPort() + "/", "postgres", "postgres");
  }

  @Override
  public ObjectStoreConfig bucket(String bucket) {
    return new ObjectStoreConfig("http://127.0.0.1:" + S3.SERVER.getPort(), KEY, SECRET, bucket);
  }

  @Override
  public Optional<String> temporal() {
    return Optional.empty();
  }

  private static final class Postgres {
    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return LocalPostgres.builder().setServerConfig("fsync", "off").start();
      } catch (IOException failure) {
        throw new UncheckedIOException("Could not start the embedded Postgres", failure);
      }
    }
  }

  private static final class S3 {
    private static final S3Proxy SERVER = start();

    private static S3Proxy start() {
      Properties properties = new Properties();
      try {
        properties.setProperty(
            "jclouds.filesystem.basedir",
            Files.createTempDirectory("modelflow-test-objects").toString());
      } catch (IOException failure) {
        throw new UncheckedIOException("Could not make a folder for objects", failure);
      }
      S3Proxy server =
          S3Proxy.builder()
              .blobStore(BlobStores.create("filesystem-nio2", properties))
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
              .build();
      try {
        server.start();
      } catch (Exception failure) {
        throw new IllegalStateException("Could not start the S3 server", failure);
      }
      return server;
    }
  }
}
