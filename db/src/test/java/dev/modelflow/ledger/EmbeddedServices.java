package dev.modelflow.ledger;

import dev.modelflow.objects.ObjectStoreConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/**
 * A Postgres and an S3 server of a test JVM's own, on random loopback ports, started when first
 * asked for. Every ledger gets a fresh database, every store a fresh bucket.
 */
public final class EmbeddedServices {
  private static final String KEY = "test-key";
  private static final String SECRET = "test-secret";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private EmbeddedServices() {}

  /** A ledger configuration with an empty database. */
  public static LedgerConfig freshLedger() {
    String name = "ledger_" + NUMBER.incrementAndGet();
    EmbeddedPostgres postgres = Postgres.SERVER;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException failure) {
      throw new IllegalStateException("Could not make database " + name, failure);
    }
    return new LedgerConfig(postgres.getJdbcUrl("postgres", name), "postgres", "postgres");
  }

  /** A store configuration with a bucket that does not exist yet. */
  public static ObjectStoreConfig freshBucket() {
    return new ObjectStoreConfig(
        "http://127.0.0.1:" + S3.SERVER.getPort(), KEY, SECRET, "test-" + NUMBER.incrementAndGet());
  }

  /** The folder in which the S3 server keeps {@code bucket}, for tests that harm objects. */
  public static Path bucketFolder(String bucket) {
    return S3.FOLDER.resolve(bucket);
  }

  private static final class Postgres {
    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .start();
      } catch (IOException failure) {
        throw new UncheckedIOException("Could not start the embedded Postgres", failure);
      }
    }
  }

  private static final class S3 {
    private static final Path FOLDER = folder();
    private static final S3Proxy SERVER = start();

    private static Path folder() {
      try {
        return Files.createTempDirectory("modelflow-test-objects");
      } catch (IOException failure) {
        throw new UncheckedIOException("Could not make a folder for objects", failure);
      }
    }

    private static S3Proxy start() {
      Properties properties = new Properties();
      properties.setProperty("jclouds.filesystem.basedir", FOLDER.toString());
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
