package dev.modelflow.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.worker.TemporalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void servicesAreWhereTheEnvironmentSays() throws IOException {
    Settings settings =
        new Settings(
            Map.of(
                "MODELFLOW_LEDGER_URL", "jdbc:postgresql://postgres:5432/modelflow",
                "MODELFLOW_LEDGER_USER", "writer",
                "MODELFLOW_LEDGER_PASSWORD_FILE", file("password", "p\n"),
                "MODELFLOW_OBJECTS_URL", "http://minio:9000",
                "MODELFLOW_OBJECTS_BUCKET", "bytes",
                "MODELFLOW_OBJECTS_KEY_FILE", file("key", "k"),
                "MODELFLOW_OBJECTS_SECRET_FILE", file("secret", "s"),
                "MODELFLOW_TEMPORAL_ADDRESS", "temporal:7233",
                "MODELFLOW_TEMPORAL_NAMESPACE", "flows",
                "MODELFLOW_TEMPORAL_RETENTION_DAYS", "30"));
    assertThat(settings.ledger())
        .isEqualTo(new LedgerConfig("jdbc:postgresql://postgres:5432/modelflow", "writer", "p"));
    assertThat(settings.objects())
        .isEqualTo(new ObjectStoreConfig("http://minio:9000", "k", "s", "bytes"));
    assertThat(settings.temporal())
        .isEqualTo(new TemporalConfig("temporal:7233", "flows", Duration.ofDays(30)));
  }

  @Test
  void whatNobodySetsIsAsTheTableSays() {
    Settings settings = new Settings(Map.of("MODELFLOW_TEMPORAL_ADDRESS", "localhost:7233"));
    assertThat(settings.temporal()).isEqualTo(new TemporalConfig("localhost:7233"));
    assertThat(settings.text(Setting.WEB_ADDRESS)).isEqualTo("127.0.0.1");
    assertThat(settings.list(Setting.WEB_HOSTS)).isEmpty();
    assertThat(
            new Settings(Map.of("MODELFLOW_WEB_HOSTS", "a.example, b.example"))
                .list(Setting.WEB_HOSTS))
        .containsExactly("a.example", "b.example");
  }

  @Test
  void whatSomebodyMustSetIsNamedWithItsMeaning() {
    Settings settings = new Settings(Map.of("MODELFLOW_LEDGER_URL", " "));
    assertThatThrownBy(settings::ledger)
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "MODELFLOW_LEDGER_URL is not set: give it the JDBC address of the ledger, e.g."
                + " `jdbc:postgresql://postgres:5432/modelflow`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "many", "7070.5"})
  void aNumberIsOneWithinItsLimits(String value) {
    Settings settings = new Settings(Map.of("MODELFLOW_WEB_PORT", value));
    assertThatThrownBy(() -> settings.number(Setting.WEB_PORT, 0, 65_535))
        .hasMessage("MODELFLOW_WEB_PORT is '" + value + "': expected a number from 0 to 65535");
  }

  @Test
  void aSecretIsInAFileThatCanBeReadAndHoldsOne() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> secret(missing.toString()))
        .hasMessage(
            "MODELFLOW_WEB_TOKEN_FILE is '%s', which cannot be read (NoSuchFileException): name a"
                    .formatted(missing)
                + " file that this process may read");
    String empty = file("empty", "\n");
    assertThatThrownBy(() -> secret(empty))
        .hasMessage(
            "MODELFLOW_WEB_TOKEN_FILE is '%s', which is empty: write the secret into it"
                .formatted(empty));
  }

  @Test
  void theTableInTheDocumentationHoldsEverySetting() throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));
    assertThat(page.lines().filter(line -> line.startsWith("| `MODELFLOW_")))
        .containsAll(
            Arrays.stream(Setting.values())
                .map(
                    setting ->
                        "| `%s` | %s | %s |"
                            .formatted(
                                setting.variable(),
                                setting
                                    .fallback()
                                    .map(value -> value.isEmpty() ? "empty" : "`" + value + "`")
                                    .orElse("must be set"),
                                setting.meaning()))
                .toList());
  }

  private static void secret(String file) {
    new Settings(Map.of("MODELFLOW_WEB_TOKEN_FILE", file)).secret(Setting.WEB_TOKEN_FILE);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
