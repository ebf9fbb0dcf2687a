package dev.modelflow.cli.server;

import dev.modelflow.codec.KeyRing;
import dev.modelflow.domain.ByteSize;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.tls.BadFileException;
import dev.modelflow.tls.Identity;
import dev.modelflow.tls.Pem;
import dev.modelflow.tls.TextFiles;
import dev.modelflow.worker.TemporalConfig;
import dev.modelflow.worker.TemporalTls;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of one process, read from its environment. */
public final class Settings {
  private static final List<Setting> ONLY_OVER_TLS =
      List.of(
          Setting.TEMPORAL_TLS_CA_FILE,
          Setting.TEMPORAL_TLS_SERVER_NAME,
          Setting.TEMPORAL_TLS_CERT_FILE,
          Setting.TEMPORAL_TLS_KEY_FILE,
          Setting.TEMPORAL_API_KEY_FILE);

  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9._/-]{1,63}) *= *([A-Za-z0-9._/-]{0,63})");

  private final Map<String, String> environment;

  /** Reads nothing yet: a process asks only for what it needs. */
  public Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Where the ledger is; throws {@link SettingException} where nobody says. */
  public LedgerConfig ledger() {
    return new LedgerConfig(
        text(Setting.LEDGER_URL), text(Setting.LEDGER_USER), secret(Setting.LEDGER_PASSWORD_FILE));
  }

  /** Where the objects are; throws {@link SettingException} where nobody says. */
  public ObjectStoreConfig objects() {
    return new ObjectStoreConfig(
            text(Setting.OBJECTS_URL),
            secret(Setting.OBJECTS_KEY_FILE),
            secret(Setting.OBJECTS_SECRET_FILE),
            text(Setting.OBJECTS_BUCKET))
        .trusting(file(Setting.OBJECTS_CA_FILE, Pem::certificates));
  }

  /** How long objects without an owner stay. */
  public Duration retention() {
    return Duration.ofDays(number(Setting.OBJECTS_RETENTION_DAYS, 1, 36_500));
  }

  /** Where the workflow engine is; throws {@link SettingException} where nobody says. */
  public TemporalConfig temporal() {
    return new TemporalConfig(
            text(Setting.TEMPORAL_ADDRESS),
            text(Setting.TEMPORAL_NAMESPACE),
            Duration.ofDays(number(Setting.TEMPORAL_RETENTION_DAYS, 1, 3650)))
        .over(temporalTls(), file(Setting.TEMPORAL_API_KEY_FILE, TextFiles::read))
        .encrypted(file(Setting.TEMPORAL_KEYS_FILE, KeyRing::read));
  }

  private @Nullable TemporalTls temporalTls() {
    if (on(Setting.TEMPORAL_TLS)) {
      return tlsFiles();
    }
    // Else a key would go out in the clear, or a server would be trusted that nobody vouched for.
    for (Setting setting : ONLY_OVER_TLS) {
      if (!text(setting).isEmpty()) {
        throw new SettingException(
            "%s is '%s', but %s is 'off': set that to 'on', or leave this out"
                .formatted(setting.variable(), text(setting), Setting.TEMPORAL_TLS.variable()));
      }
    }
    return null;
  }

  private TemporalTls tlsFiles() {
    Path certificate = file(Setting.TEMPORAL_TLS_CERT_FILE, Pem::certificates);
    Path key = file(Setting.TEMPORAL_TLS_KEY_FILE, found -> key(found, certificate));
    if ((certificate == null) != (key == null)) {
      Setting given = key == null ? Setting.TEMPORAL_TLS_CERT_FILE : Setting.TEMPORAL_TLS_KEY_FILE;
      Setting missing =
          key == null ? Setting.TEMPORAL_TLS_KEY_FILE : Setting.TEMPORAL_TLS_CERT_FILE;
      throw new SettingException(
          "%s is set, but %s is not: give it the %s"
              .formatted(given.variable(), missing.variable(), missing.meaning()));
    }
    String name = text(Setting.TEMPORAL_TLS_SERVER_NAME);
    return new TemporalTls(
        file(Setting.TEMPORAL_TLS_CA_FILE, Pem::certificates),
        name.isEmpty() ? null : name,
        certificate,
        key);
  }

  private static PrivateKey key(Path key, @Nullable Path certificate) {
    return certificate == null
        ? Pem.privateKey(key)
        : new Identity(certificate, key).getPrivateKey("client");
  }

  /** The file that is named, once {@code reader} has found it usable; null when none is named. */
  private @Nullable Path file(Setting setting, Consumer<Path> reader) {
    String name = text(setting);
    if (name.isEmpty()) {
      return null;
    }
    try {
      Path file = Path.of(name);
      reader.accept(file);
      return file;
    } catch (BadFileException unusable) {
      throw new SettingException(setting.variable() + " is " + unusable.getMessage());
    }
  }

  /** The value, or what holds without one; throws when there is neither. */
  public String text(Setting setting) {
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

  /** Whether something is {@code on}, not {@code off}. */
  boolean on(Setting setting) {
    return switch (text(setting)) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new SettingException(
              "%s is '%s': expected on or off".formatted(setting.variable(), text(setting)));
    };
  }

  /** The values between commas. */
  List<String> list(Setting setting) {
    return Stream.of(text(setting).split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /**
   * Pairs of name and value, e.g. {@code zone=a,rack=3}, in their order. Names and values are
   * letters, digits, dots, slashes, hyphens and underscores, 63 at most.
   */
  Map<String, String> labels(Setting setting) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String item : list(setting)) {
      Matcher label = LABEL.matcher(item);
      if (!label.matches() || labels.putIfAbsent(label.group(1), label.group(2)) != null) {
        throw new SettingException(
            "%s has '%s': expected each name once, with its value, e.g. zone=a,rack=3"
                .formatted(setting.variable(), item));
      }
    }
    return labels;
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

  /** A number of bytes, such as 20GB, 1.5TB or 512MiB. */
  long bytes(Setting setting) {
    try {
      return ByteSize.parse(text(setting));
    } catch (IllegalArgumentException wrong) {
      throw new SettingException("%s is %s".formatted(setting.variable(), wrong.getMessage()));
    }
  }

  /** What the named file holds, without the line's end. */
  public String secret(Setting setting) {
    try {
      return TextFiles.read(Path.of(text(setting)));
    } catch (BadFileException unusable) {
      throw new SettingException(setting.variable() + " is " + unusable.getMessage());
    }
  }
}
