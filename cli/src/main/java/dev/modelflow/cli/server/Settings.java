package dev.modelflow.cli.server;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.worker.TemporalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings of one process, read from its environment. */
public final class Settings {
  private final Map<String, String> environment;

  /** Reads nothing yet: a process asks only for what it needs. */
  public Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Where the ledger is. */
  LedgerConfig ledger() {
    return new LedgerConfig(
        text(Setting.LEDGER_URL), text(Setting.LEDGER_USER), secret(Setting.LEDGER_PASSWORD_FILE));
  }

  /** Where the objects are. */
  ObjectStoreConfig objects() {
    return new ObjectStoreConfig(
        text(Setting.OBJECTS_URL),
        secret(Setting.OBJECTS_KEY_FILE),
        secret(Setting.OBJECTS_SECRET_FILE),
        text(Setting.OBJECTS_BUCKET));
  }

  /** Where the workflow engine is. */
  TemporalConfig temporal() {
    return new TemporalConfig(
        text(Setting.TEMPORAL_ADDRESS),
        text(Setting.TEMPORAL_NAMESPACE),
        Duration.ofDays(number(Setting.TEMPORAL_RETENTION_DAYS, 1, 3650)));
  }

  /** The value, or what holds without one; throws when there is neither. */
  String text(Setting setting) {
    String value = environment.getOrDefault(setting.variable(), "").strip();
    if (!value.isEmpty()) {
      return value;
    }
    return setting
        .fallback()
        .orElseThrow(
            () ->
                new SettingException(
                    "%s is not set: give it the %s"
                        .formatted(setting.variable(), setting.meaning())));
  }

  /** The values between commas. */
  List<String> list(Setting setting) {
    return Stream.of(text(setting).split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** A whole number between two others, both included. */
  int number(Setting setting, int least, int most) {
    String value = text(setting);
    if (value.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new SettingException(
        "%s is '%s': expected a number from %d to %d"
            .formatted(setting.variable(), value, least, most));
  }

  /** What the named file holds, without the line's end. */
  String secret(Setting setting) {
    Path file = Path.of(text(setting));
    String secret;
    try {
      secret = Files.readString(file).strip();
    } catch (IOException failure) {
      throw new SettingException(
          "%s is '%s', which cannot be read (%s): name a file that this process may read"
              .formatted(setting.variable(), file, failure.getClass().getSimpleName()));
    }
    if (secret.isEmpty()) {
      throw new SettingException(
          "%s is '%s', which is empty: write the secret into it"
              .formatted(setting.variable(), file));
    }
    return secret;
  }
}
