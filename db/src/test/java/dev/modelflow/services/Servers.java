package dev.modelflow.services;

import dev.modelflow.objects.ObjectStoreConfig;
import java.util.Optional;

/** Where a test JVM finds its servers. */
sealed interface Servers permits GivenServers, ContainerServers, EmbeddedServers {
  /** The word for these servers: given, containers or embedded. */
  String name();

  /** A Postgres whose role may make databases. */
  Database postgres();

  /** An S3 server whose key may make {@code bucket}. */
  ObjectStoreConfig bucket(String bucket);

  /** host:port of a Temporal server, or nothing where each test starts one inside itself. */
  Optional<String> temporal();

  /**
   * A Postgres server.
   *
   * @param server JDBC address without a database, such as {@code
   *     jdbc:postgresql://localhost:5432/}
   * @param user a role that may make databases
   * @param password its password
   */
  record Database(String server, String user, String password) {}
}
