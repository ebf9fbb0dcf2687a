package dev.modelflow.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@UsesServices
@Tag("browser")
class BrowserTest {
  private static final Site SITE = Site.shared();
  private static final int WIDE = 1280;
  private static final int NARROW = 390;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Browser browser;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Page light;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Page dark;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Page plain;

  @BeforeAll
  static void open() {
    browser = new Browser(SITE);
    light = browser.signedIn(true, WIDE, ColorScheme.LIGHT);
    dark = browser.signedIn(true, NARROW, ColorScheme.DARK);
    plain = browser.signedIn(false, WIDE, ColorScheme.LIGHT);
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  /** Else they would be lost half a minute after the sample was written. */
  @BeforeEach
  void letWorkersLive() {
    for (String worker : List.of("cpu-1", "cpu-2", "gpu-1")) {
      SITE.services().ledger().workers().heard(worker, null);
    }
  }

  static Stream<String> pages() {
    return Stream.of(
        "/runs",
        "/runs?status=failed",
        "/runs/new",
        "/runs/" + SampleLedger.DONE,
        "/runs/" + SampleLedger.BRANCH,
        "/runs/" + SampleLedger.BRANCH + "?log=pretrain&attempt=1",
        "/runs/" + SampleLedger.FAILED,
        "/runs/" + SampleLedger.QUEUED,
        "/runs/" + SampleLedger.BRANCH + "/tree",
        "/runs/" + SampleLedger.DONE + "/branch?checkpoint=pretrain@600",
        "/runs/" + SampleLedger.DONE + "/rerun",
        "/artifacts/" + SampleLedger.checkpoint("midtrain", 400),
        "/workers",
        "/nowhere");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPageIsAccessibleInLightAndWide(String path) {
    light.navigate(path);
    assertAccessible(light);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPageIsAccessibleInDarkAndNarrow(String path) {
    dark.navigate(path);
    assertAccessible(dark);
    Object overflow =
        dark.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(((Number) overflow).intValue()).as("pixels that stick out").isZero();
  }

  @Test
  void theLoginPageIsAccessible() {
    Page page = browser.stranger();
    page.navigate("/login");
    assertAccessible(page);
  }

  private static void assertAccessible(Page page) {
    List<String> violations = new ArrayList<>();
    new AxeBuilder(page)
        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
        .analyze()
        .getViolations()
        .forEach(
            rule ->
                rule.getNodes()
                    .forEach(node -> violations.add(rule.getId() + ": " + node.getHtml())));
    assertThat(violations).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPageShowsItsContentWithoutScripts(String path) {
    plain.navigate(path);
    assertThat(plain.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
        .isVisible();
    assertThat(plain.locator("main")).containsText(Pattern.compile("\\w{3}"));
  }

  @Test
  void noPageLoadsAnythingOrFailsInTheConsole() {
    List<String> complaints = new ArrayList<>();
    Page page = browser.signedIn(true, WIDE, ColorScheme.LIGHT);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onRequest(
        request -> {
          if (!request.url().startsWith(SITE.uri("/").toString())) {
            complaints.add(request.url());
          }
        });
    pages().filter(path -> !path.equals("/nowhere")).forEach(page::navigate);
    assertThat(complaints).isEmpty();
  }

  @Test
  void branchesFromACheckpointAfterAPreviewWithoutScripts() {
    branch(plain, "branched plainly");
  }

  @Test
  void branchesFromACheckpointAfterAPreviewWithScripts() {
    branch(light, "branched with scripts");
  }

  private static void branch(Page page, String name) {
    page.navigate("/runs/" + SampleLedger.DONE);
    link(page, "Checkpoints").click();
    link(page, "Branch from pretrain@600").first().click();
    assertThat(page.getByLabel("From checkpoint")).hasValue("pretrain@600");
    page.getByLabel("Changes").fill("midtrain.learningRate: 5e-4");
    page.getByLabel("Name of the new run").fill(name);
    button(page, "Preview").click();
    Locator plan = page.locator("#plan");
    assertThat(plan.getByRole(AriaRole.ROW).filter(containing("continues after step 600")))
        .containsText("pretrain");
    assertThat(page.getByLabel("Changes")).hasValue("midtrain.learningRate: 5e-4");
    button(page, "Start the branch").click();
    assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
        .hasText(name);
    assertThat(page.locator(".meta")).containsText("pretrain@600");
    assertThat(page.getByText("midtrain.learningRate")).isVisible();
  }

  @Test
  void namesWhatIsWrongWithAnOverride() {
    plain.navigate("/runs/" + SampleLedger.DONE + "/branch?checkpoint=pretrain@600");
    plain.getByLabel("Changes").fill("midtrian.steps: 3");
    button(plain, "Preview").click();
    assertThat(plain.getByRole(AriaRole.ALERT)).containsText("midtrian");
    assertThat(plain.getByRole(AriaRole.ALERT)).containsText("Nothing was started");
  }

  @Test
  void startsARunFromARecipeAndShowsProblemsByLine() {
    plain.navigate("/runs/new");
    plain.getByLabel("Recipe").fill(SampleLedger.RECIPE.replace("steps: 400", "stepz: 400"));
    button(plain, "Start").click();
    assertThat(plain.getByRole(AriaRole.ALERT)).containsText("Did you mean 'steps'?");
    plain.getByLabel("Recipe").fill(SampleLedger.RECIPE);
    plain.getByLabel("Name of the run").fill("started from a page");
    button(plain, "Show the plan").click();
    assertThat(plain.locator("#plan")).containsText("rlvr");
    button(plain, "Start").click();
    assertThat(plain.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
        .hasText("started from a page");
    button(plain, "Cancel").click();
    assertThat(plain.locator("#status")).containsText("cancel");
  }

  @Test
  void aPlanShowsPresetsAndWhatOfASparseModelIsActive() throws IOException {
    String sparse = Files.readString(Path.of("../recipes/sparse.yaml"));
    plain.navigate("/runs/new");
    plain
        .getByLabel("Recipe")
        .fill(sparse.replace("  pretrain:\n", "  pretrain:\n    preset: olmo3-7b-paper\n"));
    button(plain, "Show the plan").click();
    Locator pretrain =
        plain.locator("#plan").getByRole(AriaRole.ROW).filter(containing("Preset olmo3-7b-paper"));
    assertThat(pretrain).containsText("takes ");
    assertThat(pretrain).containsText("; has its own in the place of ");
    assertThat(pretrain).containsText(" active");
  }

  @Test
  void showsNewEventsAndStepsWithoutReloading() {
    light.navigate("/runs/" + SampleLedger.BRANCH);
    SITE.services()
        .ledger()
        .jdbc()
        .sql("insert into event (run_id, level, message) values (?, 'info', 'Something new')")
        .param(SampleLedger.BRANCH)
        .update();
    SITE.services()
        .ledger()
        .jdbc()
        .sql("update stage set current_step = 299 where run_id = ? and name = 'midtrain'")
        .param(SampleLedger.BRANCH)
        .update();
    assertThat(light.locator("#events")).containsText("Something new");
    assertThat(light.locator("#flow")).containsText("299 of 400 steps");
  }

  @Test
  void choosesALogByLinksWithoutScripts() {
    plain.navigate("/runs/" + SampleLedger.BRANCH);
    Locator logs = plain.locator("#logs");
    assertThat(logs.getByRole(AriaRole.REGION)).containsText("[70 lines left out]");
    assertThat(logs.getByRole(AriaRole.REGION)).containsText("After step 270");
    logs.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("pretrain").setExact(true))
        .click();
    assertThat(logs.getByRole(AriaRole.REGION)).containsText("Reads <b>glosses</b> & its index");
    logs.getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Attempt 1")).click();
    assertThat(logs.getByRole(AriaRole.REGION))
        .hasAttribute("aria-label", "Log of pretrain, attempt 1");
    assertThat(logs.getByRole(AriaRole.REGION)).containsText("on worker gpu-2");
  }

  @Test
  void showsNewLinesOfALogWithoutReloadingAndStaysAtItsEnd() {
    light.navigate("/runs/" + SampleLedger.BRANCH);
    Locator log = light.locator("#logs pre");
    SITE.services()
        .ledger()
        .jdbc()
        .sql(
            """
            insert into log_chunk (attempt_id, first_line, lines, text)
            select attempt.id, 271, 1, 'A line that is new' from attempt
            join stage on stage.id = attempt.stage_id
            where stage.run_id = ? and stage.name = 'midtrain'
            """)
        .param(SampleLedger.BRANCH)
        .update();
    assertThat(log).containsText("A line that is new");
    assertThat(log.evaluate("it => it.scrollHeight > it.clientHeight && it.scrollTop"))
        .isEqualTo(0);
    log.focus();
    log.press("PageUp");
    light.waitForFunction("() => document.querySelector('#logs pre').scrollTop < 0");
  }

  @Test
  void cordonsAWorkerWithoutScripts() {
    plain.navigate("/workers");
    Locator worker = plain.getByRole(AriaRole.ROW).filter(containing("cpu-1"));
    assertThat(worker).containsText("ready");
    worker.getByRole(AriaRole.BUTTON, named("Cordon cpu-1")).click();
    assertThat(worker).containsText("cordoned");
    assertThat(worker).containsText("by operator, just now");
    worker.getByRole(AriaRole.BUTTON, named("Uncordon cpu-1")).click();
    assertThat(worker).containsText("ready");
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }

  @Test
  void showsWhatAWorkerDoesWithALinkToItsLog() {
    plain.navigate("/workers");
    plain
        .getByRole(AriaRole.ROW)
        .filter(containing("gpu-1"))
        .getByRole(AriaRole.LINK)
        .first()
        .click();
    assertThat(plain.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
        .hasText("tiny-more-maths");
  }

  @Test
  void readsACurveWithTheKeyboard() {
    light.navigate("/runs/" + SampleLedger.DONE + "?stage=pretrain");
    Locator curve = light.locator(".curve svg.wide-only");
    curve.focus();
    curve.press("ArrowLeft");
    assertThat(light.locator(".curve output")).containsText("step ");
  }

  @Test
  void verifiesAnArtifactAndNamesWhatIsMissing() {
    plain.navigate("/artifacts/" + SampleLedger.checkpoint("midtrain", 400));
    button(plain, "Verify").click();
    assertThat(plain.getByRole(AriaRole.ALERT)).containsText("model.safetensors");
  }

  private static Locator link(Page page, String name) {
    return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator.FilterOptions containing(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
