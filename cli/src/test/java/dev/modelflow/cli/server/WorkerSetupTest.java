package dev.modelflow.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.pool.RootedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSetupTest {
  @TempDir private Path folder;

  @Test
  void aGpuPoolsWorkerMayRunSeveralAttemptsOnTheProcessor() throws Exception {
    WorkerSetup setup = setup("gpu", Map.of("MODELFLOW_WORKER_DEVICES", "cpu, cpu"));
    assertThat(setup.config().devices()).containsExactly(WorkerDevice.cpu(), WorkerDevice.cpu());
    assertThat(setup.config().id()).startsWith("gpu-");
  }

  @Test
  void aDamagedCalibrationKeepsNoWorkerFromItsWork() throws Exception {
    Path damaged = Files.writeString(folder.resolve("calibration.json"), "{");
    WorkerSetup setup =
        setup(
            "gpu",
            Map.of(
                "MODELFLOW_WORKER_DEVICES",
                "cpu",
                "MODELFLOW_WORKER_CALIBRATION",
                damaged.toString()));
    assertThat(setup.config().devices()).containsExactly(WorkerDevice.cpu());
  }

  @Test
  void aWorkerCarriesItsLabels() throws Exception {
    WorkerSetup setup =
        setup(
            "gpu",
            Map.of(
                "MODELFLOW_WORKER_DEVICES", "cpu", "MODELFLOW_WORKER_LABELS", "zone=a, rack = 3"));
    assertThat(setup.config().labels()).isEqualTo(Map.of("zone", "a", "rack", "3"));
  }

  @Test
  void stagesOfTheCpuPoolRunOnTheProcessor() {
    assertThatThrownBy(() -> setup("cpu", Map.of("MODELFLOW_WORKER_DEVICES", "GPU-1")))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "MODELFLOW_WORKER_DEVICES is 'GPU-1', but stages of pool 'cpu' run on the processor:"
                + " expected auto, or cpu once for each attempt that may run at a time");
  }

  @Test
  void aDeviceThatIsNotThereIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> setup("gpu", Map.of("MODELFLOW_WORKER_DEVICES", "GPU-1")))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MODELFLOW_WORKER_DEVICES is 'GPU-1', but ")
        .hasMessageEndingWith("Set it to 'cpu' to train on the processor all the same");
  }

  @Test
  void importsMayBeKeptBelowAFolder() throws Exception {
    WorkerSetup setup =
        setup(
            "gpu",
            Map.of(
                "MODELFLOW_WORKER_DEVICES",
                "cpu",
                "MODELFLOW_WORKER_IMPORT_ROOT",
                folder.toString()));
    assertThat(setup.executors()).singleElement().isInstanceOf(RootedImports.class);
    String none = folder.resolve("none").toString();
    assertThatThrownBy(
            () ->
                setup(
                    "gpu",
                    Map.of(
                        "MODELFLOW_WORKER_DEVICES", "cpu", "MODELFLOW_WORKER_IMPORT_ROOT", none)))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "MODELFLOW_WORKER_IMPORT_ROOT is '%s', which is no folder that can be read: make it, or name another"
                .formatted(none));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a worker", "../up", "-x", "a/b"})
  void aNameIsAPartOfAnAddress(String name) {
    assertThatThrownBy(
            () ->
                setup(
                    "gpu",
                    Map.of("MODELFLOW_WORKER_DEVICES", "cpu", "MODELFLOW_WORKER_NAME", name)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MODELFLOW_WORKER_NAME is '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zone", "zone=a,zone=b", "=a", "zone=a b", "zo ne=a", "zone=ü"})
  void aLabelThatIsNoneIsNamed(String value) {
    assertThatThrownBy(
            () ->
                new Settings(Map.of("MODELFLOW_WORKER_LABELS", value))
                    .labels(Setting.WORKER_LABELS))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("MODELFLOW_WORKER_LABELS has '")
        .hasMessageEndingWith("expected each name once, with its value, e.g. zone=a,rack=3");
  }

  @Property(tries = 200)
  void labelsAreReadAsTheyAreWritten(@ForAll("labels") Map<String, String> labels) {
    String value =
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
    assertThat(new Settings(Map.of("MODELFLOW_WORKER_LABELS", value)).labels(Setting.WORKER_LABELS))
        .isEqualTo(labels);
  }

  @Provide
  Arbitrary<Map<String, String>> labels() {
    Arbitrary<String> words =
        Arbitraries.strings().withCharRange('a', 'z').numeric().withChars("._/-").ofMaxLength(63);
    return Arbitraries.maps(words.filter(name -> !name.isEmpty()), words)
        .ofMaxSize(8)
        .map(LinkedHashMap::new);
  }

  private WorkerSetup setup(String pool, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    for (String secret :
        List.of("LEDGER_PASSWORD_FILE", "OBJECTS_KEY_FILE", "OBJECTS_SECRET_FILE")) {
      Path file = Files.writeString(folder.resolve(secret), "secret");
      environment.put("MODELFLOW_" + secret, file.toString());
    }
    environment.put("MODELFLOW_LEDGER_URL", "jdbc:postgresql://127.0.0.1:1/modelflow");
    environment.put("MODELFLOW_OBJECTS_URL", "http://127.0.0.1:1");
    environment.put("MODELFLOW_TEMPORAL_ADDRESS", "127.0.0.1:1");
    environment.put("MODELFLOW_WORKER_POOL", pool);
    environment.put("MODELFLOW_WORKER_CACHE", folder.resolve("cache").toString());
    environment.put("MODELFLOW_WORKER_FOLDER", folder.resolve("work").toString());
    environment.put("MODELFLOW_WORKER_LOCKS", folder.resolve("locks").toString());
    environment.putAll(more);
    return WorkerSetup.of(new Settings(environment), Map.of());
  }
}
