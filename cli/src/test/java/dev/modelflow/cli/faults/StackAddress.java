package dev.modelflow.cli.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the stack under test is; {@code ./modelflow test --faults} says so in the environment.
 *
 * @param project of Compose
 * @param secrets folder of the stack's secrets
 * @param webPort the dashboard's
 * @param linksPort Toxiproxy's API
 * @param relayPort where the relay before the store takes orders
 * @param ledgerPort Postgres, past all faults
 * @param objectsPort MinIO, past all faults
 */
record StackAddress(
    String project,
    Path secrets,
    int webPort,
    int linksPort,
    int relayPort,
    int ledgerPort,
    int objectsPort) {
  static StackAddress of(Map<String, String> environment) {
    return new StackAddress(
        text(environment, "COMPOSE_PROJECT_NAME"),
        Path.of(text(environment, "MODELFLOW_SECRETS")),
        port(environment, "MODELFLOW_PORT"),
        port(environment, "MODELFLOW_FAULTS_LINKS"),
        port(environment, "MODELFLOW_FAULTS_RELAY"),
        port(environment, "MODELFLOW_FAULTS_LEDGER"),
        port(environment, "MODELFLOW_FAULTS_OBJECTS"));
  }

  /** What a file of the secrets holds. */
  String secret(String name) {
    try {
      return Files.readString(secrets.resolve(name)).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Could not read the secret " + name, unreadable);
    }
  }

  private static int port(Map<String, String> environment, String name) {
    return Integer.parseInt(text(environment, name));
  }

  static String text(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set; ./modelflow test --faults sets it for a stack that is up");
    }
    return value;
  }
}
