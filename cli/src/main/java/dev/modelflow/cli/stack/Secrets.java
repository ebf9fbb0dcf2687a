package dev.modelflow.cli.stack;

import java.security.SecureRandom;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the services of one stack know each other by; made once, kept in the state folder.
 *
 * @param postgresPassword of the one Postgres role
 * @param objectKey of the object server
 * @param objectSecret of the object server
 */
record Secrets(String postgresPassword, String objectKey, String objectSecret) {
  private static final String FILE = "secrets.json";

  static Secrets of(StateFolder state) {
    JsonMapper json = new JsonMapper();
    return state
        .read(FILE)
        .map(text -> json.readValue(text, Secrets.class))
        .orElseGet(
            () -> {
              Secrets made = new Secrets(random(), random(), random());
              state.write(FILE, json.writeValueAsString(made));
              return made;
            });
  }

  String postgresPasswordFile(StateFolder state) {
    return file(state, "postgres-password", postgresPassword);
  }

  String objectKeyFile(StateFolder state) {
    return file(state, "object-key", objectKey);
  }

  String objectSecretFile(StateFolder state) {
    return file(state, "object-secret", objectSecret);
  }

  /** The token of this machine's own client, made unless it is there. */
  static String tokenFile(StateFolder state) {
    if (state.token().isEmpty()) {
      state.write("token", "mf_" + random() + "\n");
    }
    return state.file("token").toString();
  }

  /** Processes are given the names of files: what an environment holds, others might read. */
  private static String file(StateFolder state, String name, String secret) {
    state.write(name, secret + "\n");
    return state.file(name).toString();
  }

  private static String random() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Secrets[...]";
  }
}
