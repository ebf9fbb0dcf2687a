package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.faults.Command;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * The stack that is up goes over to new images while a run trains. Its images are labelled with
 * another commit from then on, so this class is the last of its lane.
 */
@Tag("stack")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class StackUpgradeTest {
  private static final long STEPS = 1_000_000;

  private final Api api;

  StackUpgradeTest() throws IOException {
    api =
        new Api(
            URI.create(System.getenv("MODELFLOW_TEST_SERVER")),
            Files.readString(Path.of(System.getenv("MODELFLOW_TEST_TOKEN_FILE"))).strip());
  }

  @Test
  void trainersWriteALastCheckpointBeforeTheServicesAreReplaced()
      throws IOException, InterruptedException {
    String id = begin();
    awaitSteps(id);

    Command.Answer upgrade = Containers.upgrade("0".repeat(40));
    assertThat(upgrade.code()).as(upgrade.text()).isZero();

    // No checkpoint was due before the last step: there is one only where it was written then.
    attempt(id, it -> it.path("epoch").asLong() == 2 && !it.path("resumedFrom").isNull());
    JsonNode first = attempt(id, it -> it.path("epoch").asLong() == 1);
    assertThat(first.path("failureMessage").asString("")).contains("was ended");

    api.post(Api.path("runs", id, "cancel"), Map.of());
    while (!api.get(Api.path("runs", id), Run.class).isOver()) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private String begin() throws IOException {
    return api.post(
            Api.path("runs"),
            Map.of(
                "recipe",
                Files.readString(Path.of("../recipes/smoke.yaml")),
                "overrides",
                Map.of("pretrain.steps", STEPS, "pretrain.checkpointEvery", STEPS)))
        .path("id")
        .asString();
  }

  private void awaitSteps(String id) throws InterruptedException {
    while (api.get(Api.path("runs", id), Run.class).stages().stream()
        .noneMatch(it -> it.name().equals("pretrain") && it.step() != null && it.step() > 0)) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  /** Waits for an attempt at the run's pretraining that is like this. */
  private JsonNode attempt(String id, Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      Optional<JsonNode> found = pretraining(id).stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  /** The attempts; none while web is replaced. */
  private List<JsonNode> pretraining(String id) {
    try {
      return api.get(Api.path("runs", id))
          .path("attempts")
          .valueStream()
          .filter(it -> it.path("stage").asString("").equals("pretrain"))
          .toList();
    } catch (ApiException away) {
      return List.of();
    }
  }
}
