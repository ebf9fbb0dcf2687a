package dev.modelflow.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import dev.modelflow.tls.TestAuthority;
import dev.modelflow.worker.TemporalConfig;
import dev.modelflow.worker.TemporalTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "20GB, 20000000000",
    "1.5 TiB, 1649267441664",
    "64kb, 64000",
    "512MiB, 536870912",
    "1B, 1"
  })
  void bytesMayHaveAUnit(String value, long bytes) {
    Settings settings = new Settings(Map.of("MODELFLOW_WORKER_CACHE_BYTES", value));
    assertThat(settings.bytes(Setting.WORKER_CACHE_BYTES)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1GB", "20", "much", "1EB", "iB"})
  void aNumberOfBytesThatIsNoneIsNamed(String value) {
    Settings settings = new Settings(Map.of("MODELFLOW_WORKER_CACHE_BYTES", value));
    assertThatThrownBy(() -> settings.bytes(Setting.WORKER_CACHE_BYTES))
        .hasMessage(
            "MODELFLOW_WORKER_CACHE_BYTES is '%s': expected a number of bytes such as 500MB, 20GB"
                    .formatted(value)
                + " or 1.5TiB");
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
  void temporalIsSpokenToOverTlsAsTheEnvironmentSays() throws IOException {
    TestAuthority authority = new TestAuthority(folder, "ca");
    TestAuthority.Issued client = authority.issue("client");
    String apiKey = file("api-key", "key");
    String keys = file("keys", "a " + "A".repeat(43) + "=");
    Map<String, String> environment = new HashMap<>();
    environment.put("MODELFLOW_TEMPORAL_ADDRESS", "localhost:7233");
    environment.put("MODELFLOW_TEMPORAL_TLS", "on");
    assertThat(new Settings(environment).temporal())
        .isEqualTo(
            new TemporalConfig("localhost:7233")
                .over(new TemporalTls(null, null, null, null), null));

    environment.put("MODELFLOW_TEMPORAL_TLS_CA_FILE", authority.certificate().toString());
    environment.put("MODELFLOW_TEMPORAL_TLS_SERVER_NAME", "temporal.test");
    environment.put("MODELFLOW_TEMPORAL_TLS_CERT_FILE", client.certificate().toString());
    environment.put("MODELFLOW_TEMPORAL_TLS_KEY_FILE", client.key().toString());
    environment.put("MODELFLOW_TEMPORAL_API_KEY_FILE", apiKey);
    environment.put("MODELFLOW_TEMPORAL_KEYS_FILE", keys);
    assertThat(new Settings(environment).temporal())
        .isEqualTo(
            new TemporalConfig("localhost:7233")
                .over(
                    new TemporalTls(
                        authority.certificate(),
                        "temporal.test",
                        client.certificate(),
                        client.key()),
                    Path.of(apiKey))
                .encrypted(Path.of(keys)));

    environment.remove("MODELFLOW_TEMPORAL_TLS_KEY_FILE");
    assertThatThrownBy(() -> new Settings(environment).temporal())
        .hasMessage(
            "MODELFLOW_TEMPORAL_TLS_CERT_FILE is set, but MODELFLOW_TEMPORAL_TLS_KEY_FILE is not:"
                + " give it the PEM file with that certificate's private key: PKCS#8, not"
                + " encrypted");
  }

  @Test
  void whatIsForTlsAloneIsRefusedWithoutIt() {
    assertThatThrownBy(() -> temporal("MODELFLOW_TEMPORAL_API_KEY_FILE", "key"))
        .hasMessage(
            "MODELFLOW_TEMPORAL_API_KEY_FILE is 'key', but MODELFLOW_TEMPORAL_TLS is 'off': set"
                + " that to 'on', or leave this out");
    assertThatThrownBy(() -> temporal("MODELFLOW_TEMPORAL_TLS", "yes"))
        .hasMessage("MODELFLOW_TEMPORAL_TLS is 'yes': expected on or off");
  }

  @Test
  void aFileThatHoldsSomethingElseIsNamedWithItsSettingAndARemedy() throws IOException {
    String text = file("text", "a word");
    assertThatThrownBy(() -> temporal("MODELFLOW_TEMPORAL_KEYS_FILE", text))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(
            "MODELFLOW_TEMPORAL_KEYS_FILE is '%s', which has a key of 3 bytes in line 1: "
                .formatted(text));
    assertThatThrownBy(
            () ->
                new Settings(
                        Map.of(
                            "MODELFLOW_OBJECTS_URL", "https://minio:9000",
                            "MODELFLOW_OBJECTS_KEY_FILE", text,
                            "MODELFLOW_OBJECTS_SECRET_FILE", text,
                            "MODELFLOW_OBJECTS_CA_FILE", text))
                    .objects())
        .hasMessage(
            "MODELFLOW_OBJECTS_CA_FILE is '%s', which holds no certificate: name a PEM file that"
                    .formatted(text)
                + " begins with -----BEGIN CERTIFICATE-----");
  }

  private static void temporal(String variable, String value) {
    new Settings(Map.of("MODELFLOW_TEMPORAL_ADDRESS", "localhost:7233", variable, value))
        .temporal();
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
