package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.adapter.StandIn.Ended;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.PlaceOrder;
import dev.modelflow.engine.data.RowOrder;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Runs the adapter as a trainer under the contract, over a stand-in that speaks OLMo-core's files.
 */
class AdapterMainTest {
  @TempDir private Path folder;
  private StandIn outside;

  @BeforeEach
  void makeInputs() throws IOException {
    outside = new StandIn(folder);
    outside.makeInputs();
  }

  @Test
  void aStageRunsToItsEndAndItsCheckpointsAreOurs() throws Exception {
    Ended ended = outside.run(outside.spec("whole", 12, "null", Map.of()), "");

    assertThat(ended.status()).isZero();
    assertThat(ended.steps("started")).containsExactly(0);
    assertThat(ended.steps("checkpoint")).containsExactly(5, 10, 12);
    assertThat(ended.steps("metrics")).containsExactly(4, 8, 12);
    JsonNode done = ended.last().path("outputs").path("checkpoint");
    Path last = Path.of(done.path("path").asString());
    assertThat(last).isEqualTo(ended.checkpoint(12));
    CheckpointFolder checkpoint = new CheckpointFolder(last);
    assertThat(checkpoint.model().layers()).isEqualTo(2);
    assertThat(checkpoint.hasOptimizer()).isTrue();
    JsonNode state = checkpoint.state();
    assertThat(state.propertyNames())
        .containsExactlyInAnyOrder(
            "kind",
            "step",
            "tokens",
            "learningRate",
            "seed",
            "dataOrder",
            "optimizerSteps",
            "precision");
    assertThat(state.path("kind").asString()).isEqualTo("pretrain");
    assertThat(state.path("step").asInt()).isEqualTo(12);
    assertThat(state.path("optimizerSteps").asInt()).isEqualTo(12);
    assertThat(state.path("seed").asInt()).isEqualTo(3);
    assertThat(state.path("learningRate").asDouble()).isEqualTo(0.001);
    assertThat(state.path("tokens").asLong())
        .isEqualTo(ended.of("checkpoint").getLast().path("tokens").asLong());
    assertThat(state.path("dataOrder").path(0).path("steps").asInt()).isEqualTo(12);
    assertThat(checkpoint.files()).allMatch(Files::isRegularFile);
  }

  @Test
  void aResumedStageEndsWithTheSameBytes() throws Exception {
    Ended whole = outside.run(outside.spec("whole", 12, "null", Map.of()), "");

    String resume = "{\"checkpoint\": \"%s\", \"step\": 5}".formatted(whole.checkpoint(5));
    Ended resumed = outside.run(outside.spec("resumed", 12, resume, Map.of()), "");

    assertThat(resumed.steps("started")).containsExactly(5);
    assertThat(resumed.steps("checkpoint")).containsExactly(10, 12);
    assertThat(digests(resumed.checkpoint(12))).isEqualTo(digests(whole.checkpoint(12)));
  }

  @Test
  void aStopIsAnsweredWithALastCheckpointAndStatusThree() throws Exception {
    Process process = outside.start(outside.spec("stopped", 100_000, "null", Map.of()), "");
    Ended stopped =
        StandIn.follow(
            process,
            event -> {
              if (event.path("event").asString().equals("checkpoint")) {
                // Process.destroy() would also close the stream that the last events come through.
                process.toHandle().destroy();
              }
            });

    assertThat(stopped.status()).isEqualTo(3);
    assertThat(stopped.last().path("event").asString()).isEqualTo("stopped");
    int step = stopped.last().path("step").asInt();
    assertThat(stopped.checkpoint(step)).isDirectoryContaining("glob:**/optimizer.safetensors");
  }

  @Test
  void whatTheTrainerStartedDiesWithIt() throws Exception {
    Process process = outside.start(outside.spec("killed", 100_000, "null", Map.of()), "idle@3");
    CompletableFuture<List<ProcessHandle>> children = new CompletableFuture<>();
    StandIn.follow(
        process,
        event -> {
          if (event.path("event").asString().equals("started")) {
            children.complete(process.toHandle().descendants().toList());
            process.toHandle().destroyForcibly();
          }
        });

    assertThat(children.join()).isNotEmpty();
    for (ProcessHandle child : children.join()) {
      child.onExit().get(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void aLossThatIsNoNumberIsTheRecipesFault() throws Exception {
    Ended ended = outside.run(outside.spec("nan", 12, "null", Map.of()), "nan@7");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    List<String> read = read(7);
    assertThat(ended.last().path("message").asString())
        .isEqualTo(
            "Stage base lost its footing: RuntimeError: nan loss encountered at step 7; lower"
                + " learningRate (now 0.01), or look at what the step read: "
                + String.join(", ", read));
    assertThat(Files.readAllLines(folder.resolve("nan/log")))
        .contains("Step 7 read " + String.join(", ", read));
  }

  @Test
  void aLossThatIsNoNumberIsTheRecipesFaultAlsoWhereTheTrainerGoesOn() throws Exception {
    Ended ended = outside.run(outside.spec("told", 100_000, "null", Map.of()), "nan-loss@7");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.steps("checkpoint")).containsExactly(5);
    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString())
        .isEqualTo(
            "Stage base lost its footing: loss is NaN at step 7; lower learningRate (now 0.01), or"
                + " look at what the step read: "
                + String.join(", ", read(7)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nan@7", "nan-loss@7", "infinite@7"})
  void whatIsSavedAfterAStepWhoseNumbersAreNoneIsNotKept(String wish) throws Exception {
    Map<String, Object> often = Map.of("checkpointEvery", 3, "metricsEvery", 10);
    Ended ended = outside.run(outside.spec("unkept", 12, "null", often), wish);

    assertThat(ended.steps("checkpoint")).containsExactly(3, 6);
    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString())
        .startsWith("Stage base lost its footing: ")
        .contains(" at step 7;");
  }

  @Test
  void anInfiniteGradientNormEndsTheStageWhereNoGuardSkipsTheStep() throws Exception {
    Ended ended = outside.run(outside.spec("norm", 12, "null", Map.of()), "infinite@2");

    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString())
        .startsWith("Stage base lost its footing: gradientNorm is Infinity at step 2;");
  }

  @Test
  void aStageGoesOnAfterASkippedStepWithAnInfiniteGradientNorm() throws Exception {
    Map<String, Object> guarded = Map.of("skipStep", Map.of("window", 8, "deviations", 6));
    Ended whole = outside.run(outside.spec("guarded", 12, "null", guarded), "infinite@4");

    assertThat(whole.status()).isZero();
    assertThat(whole.of("metrics").getFirst().path("values").propertyNames())
        .containsExactlyInAnyOrder("loss", "gradientNorm", "learningRate", "skippedSteps");
    assertThat(whole.of("log").getFirst().path("message").asString())
        .contains("Step 4 is skipped", "gradient norm is infinite");
    JsonNode state = new CheckpointFolder(whole.checkpoint(5)).state();
    assertThat(GuardState.of(state.path(GuardState.KEY)).gradientNorms())
        .hasSize(5)
        .contains(Double.POSITIVE_INFINITY);

    String resume = "{\"checkpoint\": \"%s\", \"step\": 5}".formatted(whole.checkpoint(5));
    Ended resumed = outside.run(outside.spec("goes-on", 12, resume, guarded), "");
    assertThat(digests(resumed.checkpoint(12))).isEqualTo(digests(whole.checkpoint(12)));
  }

  /** What a step of the specs reads, in words. */
  private List<String> read(int step) {
    PlaceOrder order =
        new PlaceOrder(
            Map.of("counting", new TokenSetDocuments(TokenSet.open(folder))),
            new RowOrder(3, 3, 32, Map.of("counting", 1.0)));
    for (int before = 1; before < step; before++) {
      order.next();
    }
    return order.next().stream()
        .flatMap(List::stream)
        .map(
            place ->
                "counting 'd%d' (tokens %d to %d)"
                    .formatted(
                        place.document(), place.offset(), place.offset() + place.length() - 1))
        .toList();
  }

  @Test
  void aCrashIsThePlatformsAndKeepsTheCheckpointsBefore() throws Exception {
    Ended ended = outside.run(outside.spec("crash", 12, "null", Map.of()), "crash@8");

    assertThat(ended.steps("checkpoint")).containsExactly(5);
    assertThat(ended.last().path("class").asString()).isEqualTo("platform");
    assertThat(ended.last().path("message").asString())
        .isEqualTo("OLMo-core ended with status 134: the attempt's log says why");
    assertThat(Files.readString(folder.resolve("crash/log"))).contains("illegal memory access");
  }

  /** Though the trainer never told of the numbers of its steps. */
  @Test
  void aCheckpointThatWasConvertedBeforeACrashIsKept() throws Exception {
    Map<String, Object> keys = Map.of("checkpointEvery", 4, "metricsEvery", 6);
    Ended ended = outside.run(outside.spec("late", 12, "null", keys), "late-crash@5");

    assertThat(ended.steps("checkpoint")).containsExactly(4);
    assertThat(ended.last().path("class").asString()).isEqualTo("platform");
  }

  @Test
  void aConfigurationThatOlmoCoreRefusesIsTheRecipesFault() throws Exception {
    Ended ended = outside.run(outside.spec("refused", 12, "null", Map.of()), "refuse");

    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString()).contains("3 heads of 16 do not fit");
  }

  @Test
  void aKeyThatWouldBeWithoutEffectIsRefused() throws Exception {
    Ended ended = outside.run(outside.spec("other", 12, "null", Map.of("dropout", 0.1)), "");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString())
        .isEqualTo(
            "stages.base.dropout is set, but trainer olmo-core does not follow it: leave it out, or"
                + " train with modelflow");
  }

  private static Map<String, String> digests(Path checkpoint) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        digests.put(file.getFileName().toString(), Digests.of(file).hex());
      }
    }
    return digests;
  }
}
