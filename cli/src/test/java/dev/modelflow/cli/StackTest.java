package dev.modelflow.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The smoke flow on the stack of {@code docker-compose.yml}, started and watched from outside,
 * against the same flow on the embedded stack. {@code MODELFLOW_TEST_SERVER} is its dashboard's
 * address and {@code MODELFLOW_TEST_TOKEN_FILE} the file with its token; its ledger holds no run.
 */
@Tag("stack")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class StackTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final URI server = URI.create(setting("MODELFLOW_TEST_SERVER"));
  private final String token;

  StackTest() throws IOException {
    token = Files.readString(Path.of(setting("MODELFLOW_TEST_TOKEN_FILE"))).strip();
  }

  @Test
  void theSmokeFlowEndsWithTheBytesOfTheEmbeddedStack(@TempDir Path home)
      throws IOException, InterruptedException {
    Map<String, String> recipe =
        Map.of("recipe", Files.readString(Path.of("../recipes/smoke.yaml")));
    Api api = new Api(server, token);
    String id = api.post(Api.path("runs"), recipe).path("id").asString();
    watchInTheDashboard(id);
    Run run = api.get(Api.path("runs", id), Run.class);
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(run.stages()).allMatch(stage -> stage.status() == StageStatus.SUCCEEDED);

    assertThat(outputs(run)).isEqualTo(outputs(onTheEmbeddedStack(home, recipe))).isNotEmpty();
  }

  /** Signs in, opens the run and stays on its page, which is never loaded again, to the end. */
  private void watchInTheDashboard(String id) {
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
      assertThat(page.locator("#status"))
          .containsText(
              "succeeded",
              new LocatorAssertions.ContainsTextOptions().setTimeout((double) PATIENCE.toMillis()));
    }
  }

  private static Run onTheEmbeddedStack(Path home, Map<String, String> recipe)
      throws InterruptedException {
    try (LiveStack stack = new LiveStack(home.resolve("state"))) {
      stack.up();
      return stack.await(stack.post(Api.path("runs"), recipe), Run::isOver);
    }
  }

  /** Artifact by stage and output. */
  private static Map<String, String> outputs(Run run) {
    Map<String, String> outputs = new TreeMap<>();
    run.outputs().forEach(it -> outputs.put(it.stage() + " " + it.name(), it.artifact()));
    return outputs;
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
