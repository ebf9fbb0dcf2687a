package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.domain.Verdict;
import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The smoke flow, undisturbed first; everything after compares itself with that run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FlowTest {
  private static final List<String> TRAINING =
      List.of("pretrain", "midtrain", "long-context", "sft", "dpo", "rlvr");
  private static final String RECIPE = "../recipes/smoke.yaml";

  private LiveStack stack;
  private String first = "";

  @BeforeAll
  void start(@TempDir Path home) {
    stack = new LiveStack(home.resolve("state"));
    stack.up();
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  @Order(1)
  void runsTheWholeFlowAndReleasesAModel() throws IOException, InterruptedException {
    LiveStack.Result result = stack.command("run", RECIPE);
    assertThat(result.output()).contains("bitsPerByte").contains("Released model: ");
    assertThat(result.code()).isZero();
    first = between(result.output(), "Run ", " ");
    Path release = Path.of(between(result.output(), "Released model: ", "\n"));
    assertThat(release.resolve("model.safetensors")).isNotEmptyFile();
    assertThat(release.resolve("tokenizer.json")).isNotEmptyFile();
    assertThat(Files.readString(release.resolve("config.json"))).contains("olmo3");
    assertThat(stack.command("logs", "--run", first, "--stage", "pretrain").output())
        .contains("Attempt 1 on worker gpu", "Done; outputs: checkpoint");
  }

  @Test
  @Order(2)
  void runsNothingAgainThatIsThere() throws InterruptedException, IOException {
    String id = stack.post(Api.path("runs"), Map.of("recipe", Files.readString(Path.of(RECIPE))));
    Run again = stack.await(id, Run::isOver);
    assertThat(again.stages()).allMatch(stage -> stage.status() == StageStatus.REUSED);
    assertThat(checkpoint(again, "rlvr")).isEqualTo(checkpoint(stack.run(first), "rlvr"));
  }

  @Test
  @Order(3)
  void branchesInsideAStageWithOtherData() throws InterruptedException {
    Map<String, Object> body =
        Map.of(
            "checkpoint",
            "midtrain@10",
            "overrides",
            Map.of("midtrain.mix.glosses", 0.5, "midtrain.steps", 30));
    var preview = stack.api().post(Api.path("runs", first, "branch", "preview"), body);
    assertThat(preview.toString()).contains("\"continue\"").contains("\"reuse\"");
    String id = stack.post(Api.path("runs", first, "branch"), body);
    Run branch = stack.await(id, run -> stage(run, "midtrain").isDone());
    assertThat(branch.parentRun()).isEqualTo(first);
    assertThat(branch.branchStep()).isEqualTo(10);
    assertThat(stage(branch, "pretrain").status()).isEqualTo(StageStatus.REUSED);
    assertThat(stage(branch, "midtrain").step()).isEqualTo(30);
    assertThat(checkpoint(branch, "midtrain"))
        .isNotEqualTo(checkpoint(stack.run(first), "midtrain"));
    stack.api().post(Api.path("runs", id, "cancel"), Map.of());
    assertThat(stack.await(id, Run::isOver).status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  @Order(4)
  void endsWithTheSameBytesWhateverIsKilledOnTheWay() throws InterruptedException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String id = stack.post(Api.path("runs", first, "rerun"), Map.of("from", "pretrain"));
    stack.await(id, run -> stage(run, "pretrain").status() == StageStatus.RUNNING);
    List<String> victims =
        new ArrayList<>(List.of("trainer", "gpu-worker", "cpu-worker", "postgres", "everything"));
    Collections.shuffle(victims, random);
    for (String victim : victims) {
      Thread.sleep(random.nextInt(1000, 8000));
      kill(id, victim);
    }
    Run again = stack.await(id, Run::isOver);
    assertThat(again.status())
        .as("killed at moments of seed %d", seed)
        .isEqualTo(RunStatus.SUCCEEDED);
    Run undisturbed = stack.run(first);
    for (String stage : TRAINING) {
      String what = "%s, killed at moments of seed %d".formatted(stage, seed);
      assertThat(stage(again, stage).status()).isEqualTo(StageStatus.SUCCEEDED);
      assertThat(checkpoint(again, stage)).as(what).isEqualTo(checkpoint(undisturbed, stage));
      assertThat(losses(id, stage)).as(what).isEqualTo(losses(first, stage)).isNotEmpty();
    }
    assertThat(measured(again))
        .as("evaluations, killed at moments of seed %d", seed)
        .isEqualTo(measured(undisturbed));
  }

  /** Every point of the loss curve, as the API gives it: none lost, none twice. */
  private String losses(String run, String stage) {
    return stack
        .api()
        .get(Api.path("runs", run, "metrics") + "?name=loss&stage=" + stage)
        .path("points")
        .toString();
  }

  private static List<String> measured(Run run) {
    return run.evaluations().stream()
        .map(it -> "%s %s %s %s".formatted(it.stage(), it.task(), it.metric(), it.value()))
        .sorted()
        .toList();
  }

  @Test
  @Order(5)
  void verifiesAndAuditsWhatItReleased(@TempDir Path folder)
      throws IOException, InterruptedException {
    String artifact = checkpoint(stack.run(first), "rlvr");
    assertThat(stack.command("verify", artifact).code()).isZero();
    assertThat(stack.command("audit", artifact, "-o", folder.toString()).code()).isZero();
    Path audit = folder.resolve("audit-" + artifact.substring(0, 12) + ".json");
    assertThat(Files.readString(audit)).contains("WordNet-3.1").contains("pretrain");

    LiveStack.Result order =
        stack.command("data-order", artifact, "--document", "conversations:0000000");
    assertThat(order.code()).isZero();
    assertThat(order.output())
        .contains("seen 'conversations:0000000'")
        .doesNotContain("no data of its stages")
        .doesNotContain("Not known of stage");
  }

  @Test
  @Order(6)
  void takesAMixtureOfExpertsThroughEveryStage() throws IOException, InterruptedException {
    LiveStack.Result result = stack.command("run", "../recipes/sparse.yaml");
    assertThat(result.output()).contains("Released model: ");
    assertThat(result.code()).isZero();
    Path release = Path.of(between(result.output(), "Released model: ", "\n"));
    assertThat(Files.readString(release.resolve("config.json"))).contains("flex_olmo");
    String id = between(result.output(), "Run ", " ");
    // The data are those of the smoke flow.
    assertThat(stage(stack.run(id), "curate").status()).isEqualTo(StageStatus.REUSED);
    for (String stage : List.of("pretrain", "sft")) {
      String query = "?name=loadImbalance&stage=" + stage;
      assertThat(stack.api().get(Api.path("runs", id, "metrics") + query).path("points"))
          .as(stage)
          .isNotEmpty();
    }
  }

  /** Up to pretraining it is the first run's flow, so only what follows is work. */
  @Test
  @Order(7)
  void ranksCandidatesAndGoesOnFromTheMeanOfTwoMidtrains()
      throws IOException, InterruptedException {
    String recipe =
        Files.readString(Path.of("../recipes/soup.yaml"))
            .replace("      needles: {needles: 1}\n", "")
            .replace("      code: {code: 1}\n", "")
            .replaceAll("(?s)  # The same written out.*?\n\n", "");
    String id = stack.post(Api.path("runs"), Map.of("recipe", recipe));
    Run run = stack.await(id, Run::isOver);
    assertThat(run.status()).as(run.failureMessage()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(stage(run, "pretrain").status()).isEqualTo(StageStatus.REUSED);
    String ancestors =
        stack
            .api()
            .get(Api.path("artifacts", checkpoint(run, "midtrain"), "lineage") + "?depth=1")
            .toString();
    assertThat(ancestors)
        .contains(checkpoint(run, "midtrain-1"))
        .contains(checkpoint(run, "midtrain-2"));
    LiveStack.Result order =
        stack.command("data-order", checkpoint(run, "midtrain"), "--document", "problems:0000000");
    assertThat(order.output())
        .contains("Stage midtrain reads no documents: it is the mean of 2 checkpoints.")
        .contains("@20 (" + checkpoint(run, "midtrain-1").substring(0, 12) + "), after pretrain: ")
        .contains("@20 (" + checkpoint(run, "midtrain-2").substring(0, 12) + "), after pretrain: ")
        .doesNotContain("no data of its stages")
        .doesNotContain("Not known of stage");
    LiveStack.Result ranking = stack.command("ranking", id);
    assertThat(ranking.output()).contains("microanneal: candidates against the web", "1  maths");
    String json = stack.command("ranking", id, "--json").output();
    Ranking report =
        new JsonMapper()
            .treeToValue(
                new JsonMapper()
                    .readTree(json.substring(json.indexOf('[')))
                    .path(0)
                    .path("ranking"),
                Ranking.class);
    assertThat(report.seeds()).isEqualTo(2);
    assertThat(report.candidates())
        .extracting(Ranking.Candidate::candidate)
        .containsExactly("maths");
    Ranking.Candidate maths = report.candidates().getFirst();
    assertThat(maths.tasks()).allSatisfy(change -> assertNoise(run, change));
    assertThat(maths.tasks()).anyMatch(change -> change.standardError() > 0);
    assertThat(stack.command("ranking", first).code()).isEqualTo(2);
  }

  /** The noise is at least what the two seeds of the candidate and of the web differ by. */
  private static void assertNoise(Run run, Ranking.Change change) {
    double squares = 0;
    for (String candidate : List.of("maths", Recipe.WEB)) {
      double between =
          measured(run, candidate, 1, change).value() - measured(run, candidate, 2, change).value();
      squares += between * between / 2;
    }
    double noise = Objects.requireNonNull(change.noise(), change.task());
    assertThat(change.standardError()).isGreaterThanOrEqualTo(Math.sqrt(squares / 2) * (1 - 1e-9));
    assertThat(noise).isGreaterThanOrEqualTo(1.95 * change.standardError());
    assertThat(change.verdict() == Verdict.UNDECIDED).isEqualTo(Math.abs(change.change()) <= noise);
  }

  private static Run.Evaluation measured(
      Run run, String candidate, int seed, Ranking.Change change) {
    String anneal = Recipe.annealOf("microanneal", candidate, seed);
    return run.evaluations().stream()
        .filter(it -> anneal.equals(it.of()))
        .filter(it -> it.task().equals(change.task()) && it.metric().equals(change.metric()))
        .findFirst()
        .orElseThrow();
  }

  private void kill(String run, String victim) throws InterruptedException {
    switch (victim) {
      case "trainer" -> trainer(run).destroyForcibly();
      case "everything" -> {
        stack.killEverything();
        stack.up();
      }
      default -> stack.service(victim).destroyForcibly();
    }
  }

  /** The next trainer that lives; there is one until the flow's last training stage is over. */
  private ProcessHandle trainer(String run) throws InterruptedException {
    Optional<ProcessHandle> trainer = stack.trainer();
    while (trainer.isEmpty()) {
      assertThat(stack.run(run).isOver()).as("over before its trainer was killed").isFalse();
      Thread.sleep(20);
      trainer = stack.trainer();
    }
    return trainer.get();
  }

  private static Run.Stage stage(Run run, String name) {
    return run.stages().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  private static String checkpoint(Run run, String stage) {
    Optional<Run.Output> output =
        run.outputs().stream()
            .filter(it -> it.stage().equals(stage) && it.name().equals("checkpoint"))
            .findFirst();
    return output.orElseThrow().artifact();
  }

  private static String between(String text, String before, String after) {
    int start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf(after, start));
  }
}
