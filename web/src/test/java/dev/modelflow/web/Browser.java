package dev.modelflow.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The machine's own Chromium, driven without downloading another. */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Playwright playwright =
      Playwright.create(
          new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  private final com.microsoft.playwright.Browser chromium =
      playwright
          .chromium()
          .launch(
              new BrowserType.LaunchOptions()
                  .setExecutablePath(executable())
                  .setArgs(
                      List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
  private final Site site;

  Browser(Site site) {
    this.site = site;
    // As patient as its actions, which a busy machine needs: five seconds are the default.
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
  }

  private static Path executable() {
    return Stream.concat(
            Stream.of("/usr/bin"), Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The browser tests need Chromium on the PATH; install the package 'chromium'"));
  }

  /** A page of someone who signed in. */
  Page signedIn(boolean scripts, int width, ColorScheme colours) {
    BrowserContext context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setJavaScriptEnabled(scripts)
                .setViewportSize(width, 900)
                .setColorScheme(colours)
                .setBaseURL(site.uri("/").toString()));
    Page page = context.newPage();
    page.navigate("/login");
    page.getByLabel("Token").fill(site.token());
    page.getByText("Sign in").last().click();
    page.waitForURL("**/runs");
    return page;
  }

  /** A page of a stranger. */
  Page stranger() {
    return chromium
        .newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(site.uri("/").toString()))
        .newPage();
  }

  @Override
  public void close() {
    playwright.close();
  }
}
