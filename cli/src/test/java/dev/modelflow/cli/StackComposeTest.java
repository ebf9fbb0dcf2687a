package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the files of Compose say, and what came of it on the stack that is up. */
@Tag("stack")
class StackComposeTest {
  private static final String REVISION =
      "{{.RepoTags}} {{index .Config.Labels \"org.opencontainers.image.revision\"}}";

  private final String commit = System.getenv().getOrDefault("MODELFLOW_COMMIT", "");

  @Test
  void everyImageOfTheStackIsLabelledWithTheCommit() {
    assertThat(commit).as("MODELFLOW_COMMIT").matches("[0-9a-f]{40}(-dirty)?");
    List<String> containers =
        Containers.written(Containers.compose("ps", "--all", "--quiet")).lines().toList();
    List<String> images = inspected(List.of("inspect"), "{{.Image}}", containers);
    assertThat(inspected(List.of("image", "inspect"), REVISION, images))
        .hasSize(6)
        .allSatisfy(image -> assertThat(image).contains("modelflow/").endsWith(" " + commit));
  }

  @Test
  void everyBuildOfTheFaultSuiteIsToldTheCommit() {
    Map<String, String> told = new HashMap<>();
    JsonNode services =
        services(
            "--file",
            Containers.file("docker-compose.yml"),
            "--file",
            Containers.file("docker/faults/compose.yaml"));
    services
        .properties()
        .forEach(
            service -> {
              JsonNode build = service.getValue().path("build");
              if (build.isObject()) {
                told.put(service.getKey(), build.path("args").path("COMMIT").asString(""));
              }
            });
    assertThat(told)
        .containsKeys("toxiproxy", "web")
        .allSatisfy((service, it) -> assertThat(it).as(service).isEqualTo(commit));
  }

  @Test
  void theProfileOfToolsAddsTemporalsPagesOnLoopback() {
    assertThat(services().path("temporal-ui").isMissingNode()).isTrue();
    JsonNode ports = services("--profile", "tools").path("temporal-ui").path("ports");
    assertThat(ports.size()).isEqualTo(1);
    assertThat(ports.path(0).path("host_ip").asString("")).isEqualTo("127.0.0.1");
  }

  @Test
  void theProfileOfGpusReservesAllOfThem() {
    assertThat(services().path("worker-gpu-devices").isMissingNode()).isTrue();
    JsonNode device =
        services("--profile", "gpu")
            .path("worker-gpu-devices")
            .path("deploy")
            .path("resources")
            .path("reservations")
            .path("devices")
            .path(0);
    assertThat(device.path("driver").asString("")).isEqualTo("nvidia");
    assertThat(device.path("count").asInt()).isEqualTo(-1);
    assertThat(device.path("capabilities").path(0).asString("")).isEqualTo("gpu");
  }

  /** The services of a configuration that Compose finds valid. */
  private static JsonNode services(String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("config", "--format", "json"));
    String config = Containers.written(Containers.compose(arguments.toArray(String[]::new)));
    return new JsonMapper().readTree(config).path("services");
  }

  /** One line for each thing, each line once. */
  private static List<String> inspected(List<String> inspect, String format, List<String> things) {
    List<String> arguments = new ArrayList<>(inspect);
    arguments.addAll(List.of("--format", format));
    arguments.addAll(things);
    return Containers.docker(arguments).stream().distinct().toList();
  }
}
