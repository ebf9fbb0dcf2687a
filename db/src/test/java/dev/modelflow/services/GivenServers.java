package dev.modelflow.services;

import dev.modelflow.objects.ObjectStoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Servers that someone else runs, named in the environment: {@code MODELFLOW_TEST_LEDGER_URL} (with
 * a role that may make databases), {@code MODELFLOW_TEST_OBJECTS_URL} (with a key that may make
 * buckets) and {@code MODELFLOW_TEST_TEMPORAL_ADDRESS}. Databases, buckets and namespaces that
 * tests make there stay.
 */
record GivenServers(Database postgres, ObjectStoreConfig store, String address) implements Servers {
  private static final String PREFIX = "MODELFLOW_TEST_";

  /** Whether the environment names a server. */
  static boolean areNamed(Map<String, String> environment) {
    return environment.containsKey(PREFIX + "LEDGER_URL");
  }

  /**
   * The servers that the environment names.
   *
   * @throws IllegalStateException if a variable is missing
   */
  static GivenServers of(Map<String, String> environment) {
    return new GivenServers(
        new Database(
            value(environment, "LEDGER_URL"),
            environment.getOrDefault(PREFIX + "LEDGER_USER", "postgres"),
            secret(environment, "LEDGER_PASSWORD_FILE")),
        new ObjectStoreConfig(
            value(environment, "OBJECTS_URL"),
            secret(environment, "OBJECTS_KEY_FILE"),
            secret(environment, "OBJECTS_SECRET_FILE"),
            ""),
        value(environment, "TEMPORAL_ADDRESS"));
  }

  @Override
  public String name() {
    return "given";
  }

  @Override
  public ObjectStoreConfig bucket(String bucket) {
    return new ObjectStoreConfig(store.endpoint(), store.accessKey(), store.secretKey(), bucket);
  }

  @Override
  public Optional<String> temporal() {
    return Optional.of(address);
  }

  private static String secret(Map<String, String> environment, String name) {
    Path file = Path.of(value(environment, name));
    try {
      return Files.readString(file).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(PREFIX + name + ": " + file + " cannot be read", failure);
    }
  }

  private static String value(Map<String, String> environment, String name) {
    String value = environment.get(PREFIX + name);
    if (value == null) {
      throw new IllegalStateException(
          "Tests on given servers need " + PREFIX + name + ": set it, or unset the others");
    }
    return value;
  }
}
