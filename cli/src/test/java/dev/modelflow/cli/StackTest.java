package dev.modelflow.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.faults.Command;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The smoke flow on the stack of {@code docker-compose.yml}, started and watched by the command,
 * watched and branched in the dashboard, against the same flow on the embedded stack. {@code
 * MODELFLOW_TEST_SERVER} is its dashboard's address and {@code MODELFLOW_TEST_TOKEN_FILE} the file
 * with its token; its ledger holds no run.
 */
@Tag("stack")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class StackTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Path RECIPE = Path.of("../recipes/smoke.yaml");

  private final URI server = URI.create(setting("MODELFLOW_TEST_SERVER"));
  private final String token;

  StackTest() throws IOException {
    token = Files.readString(Path.of(setting("MODELFLOW_TEST_TOKEN_FILE"))).strip();
  }

  @Test
  void theSmokeFlowEndsWithTheBytesOfTheEmbeddedStackAndSoDoesItsBranch(@TempDir Path home)
      throws Exception {
    Path folder = home.resolve("command");
    String id;
    String branch;
    try (Terminal terminal = new Terminal(folder, command())) {
      id = terminal.await(Pattern.compile("Run ([0-9a-z]{26}) of "));
      CompletableFuture<Command.Answer> command = terminal.end();
      branch = watchAndBranch(id);
      assertThatItWasWatched(id, folder, command.get(5, TimeUnit.MINUTES));
    }

    Api api = new Api(server, token);
    Map<String, String> made = made(api, id);
    assertThat(made)
        .isEqualTo(onTheEmbeddedStack(home))
        .containsKeys("pretrain@10", "rlvr@2", "rlvr checkpoint");
    // The rest of a stage from one of its checkpoints is the rest that it had.
    assertThat(made(api, branch)).containsEntry("rlvr checkpoint", made.get("rlvr checkpoint"));
    assertThat(api.get(Api.path("runs", branch), Run.class).parentRun()).isEqualTo(id);
  }

  private List<String> command() {
    return List.of(
        "run",
        RECIPE.toString(),
        "--server",
        server.toString(),
        "--token-file",
        setting("MODELFLOW_TEST_TOKEN_FILE"));
  }

  /** The block was drawn over itself with steps in it, and the end brought the model here. */
  private static void assertThatItWasWatched(String id, Path folder, Command.Answer command) {
    assertThat(command.text())
        .containsPattern("\033\\[[0-9]+A\033\\[J")
        .containsPattern("(pretrain|midtrain|long-context|sft|dpo|rlvr) +\\S+ [0-9]+/[0-9]+ ")
        .containsPattern("pretrain +done in .*, 40 steps")
        .contains("Run " + id + " succeeded.");
    assertThat(command.code()).isZero();
    Matcher released = Pattern.compile("Released model: (.+)").matcher(command.text());
    assertThat(released.find()).as(command.text()).isTrue();
    assertThat(Path.of(released.group(1)))
        .startsWith(folder)
        .isDirectoryContaining("glob:**/model.safetensors");
  }

  /**
   * Signs in, opens the run and stays on its page, which is never loaded again, to the end; then
   * branches from the middle of its last training stage, and stays to the end of that.
   *
   * @return the branch's id
   */
  private String watchAndBranch(String id) {
    try (Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
      Page page =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(chromium())
                      .setArgs(List.of("--no-sandbox", "--disable-gpu")))
              .newPage();
      page.navigate(server.resolve("/login").toString());
      page.getByLabel("Token").fill(token);
      page.getByText("Sign in").last().click();
      page.waitForURL("**/runs");
      page.navigate(server.resolve("/runs/" + id).toString());
      watch(page);
      page.getByText("Checkpoints").first().click();
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Branch from rlvr@2"))
          .first()
          .click();
      page.getByText("Start the branch").click();
      page.waitForURL(address -> address.matches(".*/runs/[0-9a-z]{26}") && !address.endsWith(id));
      watch(page);
      return page.url().substring(page.url().lastIndexOf('/') + 1);
    }
  }

  private static void watch(Page page) {
    assertThat(page.locator("#status"))
        .containsText(
            "succeeded",
            new LocatorAssertions.ContainsTextOptions().setTimeout((double) PATIENCE.toMillis()));
  }

  private static Map<String, String> onTheEmbeddedStack(Path home)
      throws IOException, InterruptedException {
    Map<String, String> recipe = Map.of("recipe", Files.readString(RECIPE));
    try (LiveStack stack = new LiveStack(home.resolve("state"))) {
      stack.up();
      Run run = stack.await(stack.post(Api.path("runs"), recipe), Run::isOver);
      return made(stack.api(), run.id());
    }
  }

  /** Artifact by stage and output, and by stage and step of a checkpoint, of a whole run. */
  private static Map<String, String> made(Api api, String id) {
    Run run = api.get(Api.path("runs", id), Run.class);
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(run.stages())
        .extracting(Run.Stage::status)
        .isSubsetOf(StageStatus.SUCCEEDED, StageStatus.REUSED);
    Map<String, String> made = new TreeMap<>();
    run.outputs().forEach(it -> made.put(it.stage() + " " + it.name(), it.artifact()));
    for (JsonNode checkpoint : api.get(Api.path("runs", id, "checkpoints"))) {
      made.put(
          checkpoint.path("stage").asString() + "@" + checkpoint.path("step").asLong(),
          checkpoint.path("artifact").asString());
    }
    return made;
  }

  private static Path chromium() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("Chromium is not here: install package 'chromium'"));
  }

  private static String setting(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set; ./modelflow test --stack sets it for a stack that is up");
    }
    return value;
  }
}
