package dev.modelflow.services;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import java.lang.StackWalker.Option;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;

/**
 * The one place that integration tests take their servers from. {@code MODELFLOW_TEST_SERVICES}
 * says which: {@code given}, {@code containers} or {@code embedded}; without it, the given ones if
 * the environment names any, else containers where a Docker engine runs, else embedded ones. Every
 * ledger gets a fresh database, every store a fresh bucket.
 */
public final class TestServices {
  private static final Servers SERVERS = choose();

  private TestServices() {}

  /** A ledger configuration with an empty database. */
  public static LedgerConfig freshLedger() {
    requireMark();
    Servers.Database postgres = SERVERS.postgres();
    String name = freshName("ledger_");
    try (Connection connection =
            DriverManager.getConnection(
                postgres.server() + "postgres", postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException failure) {
      throw new IllegalStateException("Could not make database " + name, failure);
    }
    return new LedgerConfig(postgres.server() + name, postgres.user(), postgres.password());
  }

  /** A store configuration with a bucket that does not exist yet. */
  public static ObjectStoreConfig freshBucket() {
    requireMark();
    return SERVERS.bucket(freshName("test-"));
  }

  /** host:port of a Temporal server, or nothing where a test starts one inside itself. */
  public static Optional<String> temporal() {
    requireMark();
    return SERVERS.temporal();
  }

  /** A name that no other test JVM uses on the same server. */
  public static String freshName(String prefix) {
    return prefix + UUID.randomUUID().toString().substring(0, 13).replace("-", "");
  }

  private static Servers choose() {
    String wanted = System.getenv().getOrDefault("MODELFLOW_TEST_SERVICES", "any");
    Servers servers =
        switch (wanted) {
          case "given" -> GivenServers.of(System.getenv());
          case "containers" -> new ContainerServers();
          case "embedded" -> new EmbeddedServers();
          case "any" -> any();
          default ->
              throw new IllegalStateException(
                  "MODELFLOW_TEST_SERVICES is '"
                      + wanted
                      + "': it takes given, containers or embedded");
        };
    System.out.println("Test services: " + servers.name());
    return servers;
  }

  private static Servers any() {
    if (GivenServers.areNamed(System.getenv())) {
      return GivenServers.of(System.getenv());
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return new EmbeddedServers();
    }
    Optional<String> missing = ContainerServers.missingImage();
    missing.ifPresent(
        image ->
            System.out.println(
                "A Docker engine runs, but not with image "
                    + image
                    + ", which ./modelflow stack build makes"));
    return missing.isPresent() ? new EmbeddedServers() : new ContainerServers();
  }

  /** A class without the mark would silently miss the runs on other servers. */
  private static void requireMark() {
    boolean marked =
        StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames.anyMatch(
                        frame ->
                            frame.getDeclaringClass().isAnnotationPresent(UsesServices.class)));
    if (!marked) {
      throw new IllegalStateException("A test class that uses services needs @UsesServices");
    }
  }
}
