package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@UsesServices
class SecurityTest {
  private static final Set<String> FOR_EVERYONE = Set.of("/login");
  private static final Site SITE = Site.shared();

  static Stream<Endpoints.Endpoint> endpoints() {
    return Endpoints.all(SITE).stream()
        .filter(endpoint -> !FOR_EVERYONE.contains(endpoint.pattern()));
  }

  static Stream<Endpoints.Endpoint> changingEndpoints() {
    return endpoints().filter(Endpoints.Endpoint::changes);
  }

  @Test
  void theEnumerationFindsPagesAndApi() {
    List<String> found = endpoints().map(Endpoints.Endpoint::toString).toList();
    assertThat(found)
        .contains(
            "GET /runs",
            "POST /runs",
            "GET /api/v1/status",
            "POST /api/v1/runs/{id}/branch",
            "GET /api/v1/artifacts/{id}/files/{*path}",
            "GET /api/v1/openapi.json");
    assertThat(found).hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void refusesWhoNamesNoToken(Endpoints.Endpoint endpoint) {
    assertRefused(endpoint, SITE.send(request(endpoint).build()));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void refusesAnUnknownToken(Endpoints.Endpoint endpoint) {
    assertRefused(
        endpoint, SITE.send(request(endpoint).header("Authorization", "Bearer mf_guess").build()));
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void refusesAnotherScheme(Endpoints.Endpoint endpoint) {
    assertRefused(
        endpoint,
        SITE.send(request(endpoint).header("Authorization", "Basic " + SITE.token()).build()));
  }

  @ParameterizedTest
  @MethodSource("changingEndpoints")
  void refusesASessionWithoutCsrfToken(Endpoints.Endpoint endpoint) throws Exception {
    BrowserSession session = new BrowserSession(SITE).signIn();
    assertThat(session.submit(endpoint.path(), "").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @MethodSource("changingEndpoints")
  void takesNoTokenForAPageFromAnotherSite(Endpoints.Endpoint endpoint) throws Exception {
    BrowserSession session = new BrowserSession(SITE).signIn();
    assertThat(session.submit(endpoint.path(), "_csrf=guess").statusCode()).isEqualTo(403);
  }

  private static HttpRequest.Builder request(Endpoints.Endpoint endpoint) {
    return HttpRequest.newBuilder(SITE.uri(endpoint.path()))
        .header("Idempotency-Key", "k")
        .header("Content-Type", "application/json")
        .method(
            endpoint.method(),
            endpoint.changes() ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
  }

  private static void assertRefused(Endpoints.Endpoint endpoint, HttpResponse<String> answer) {
    if (endpoint.isApi()) {
      // Without any token a change lacks its CSRF token too, which is found first.
      assertThat(answer.statusCode()).isIn(401, 403);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    } else if (endpoint.changes()) {
      assertThat(answer.statusCode()).isEqualTo(403);
    } else {
      assertThat(answer.statusCode()).isEqualTo(302);
      assertThat(answer.headers().firstValue("Location").map(URI::create).map(URI::getPath))
          .hasValue("/login");
    }
    assertThat(answer.body()).doesNotContain(SampleLedger.DONE.substring(6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::2]"})
  void refusesHostsThatItIsNotKnownAs(String host) throws Exception {
    String answer = RawHttp.exchange(SITE.web().port(), "GET /login HTTP/1.1\r\nHost: " + host);
    assertThat(answer).startsWith("HTTP/1.1 421");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "LOCALHOST:1234", "[::1]:1"})
  void answersOnLoopbackNames(String host) throws Exception {
    String answer = RawHttp.exchange(SITE.web().port(), "GET /login HTTP/1.1\r\nHost: " + host);
    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%252f..%252fetc%252fpasswd",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "config.json/../../other",
        "config.json%00.txt",
        "..%5c..%5cetc%5cpasswd",
        "CONFIG.JSON",
        "config.jso%6e%2e"
      })
  void servesNoPathThatIsNotInTheManifest(String path) throws Exception {
    String answer =
        RawHttp.exchange(
            SITE.web().port(),
            "GET /api/v1/artifacts/%s/files/%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s"
                .formatted(SampleLedger.checkpoint("pretrain", 600), path, SITE.token()));
    assertThat(answer).doesNotContain("root:").containsPattern("^HTTP/1.1 (400|401|404)");
  }

  @Test
  void escapesTheNamesThatPeopleGive() throws Exception {
    BrowserSession session = new BrowserSession(SITE).signIn();
    for (String page : List.of("/runs", "/runs/" + SampleLedger.CANCELLED, tree())) {
      assertThat(session.get(page).body())
          .doesNotContain("<b>wide</b>")
          .contains("&lt;b&gt;wide&lt;/b&gt;");
    }
  }

  private static String tree() {
    return "/runs/" + SampleLedger.CANCELLED + "/tree";
  }

  @Test
  void refusesABodyThatIsAnnouncedTooLarge() {
    assertThat(SITE.post("/api/v1/plan", "x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void refusesABodyThatTurnsOutTooLarge() {
    byte[] large = new byte[(1 << 20) + 1];
    Arrays.fill(large, (byte) 'x');
    HttpResponse<String> answer =
        SITE.send(
            SITE.request("/api/v1/plan")
                .header("Idempotency-Key", "k")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void everyPageForbidsScriptsOfOthers() throws Exception {
    for (HttpResponse<String> page :
        List.of(
            new BrowserSession(SITE).get("/login"),
            new BrowserSession(SITE).signIn().get("/runs"))) {
      assertThat(page.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(
              policy ->
                  assertThat(policy)
                      .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                      .doesNotContain("unsafe"));
      assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(page.body()).doesNotContain(" style=", " onclick=", "<script>");
    }
  }

  @Test
  void aSessionIsForThisSiteAloneAndHiddenFromScripts() throws Exception {
    BrowserSession session = new BrowserSession(SITE);
    HttpResponse<String> answer = session.signIn(SITE.token());
    assertThat(answer.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie -> assertThat(cookie).contains("modelflow=", "HttpOnly", "SameSite=Strict"));
  }

  @Test
  void aWrongTokenSignsNobodyIn() throws Exception {
    BrowserSession session = new BrowserSession(SITE);
    HttpResponse<String> answer = session.signIn("mf_wrong");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("not known here");
    assertThat(session.get("/runs").statusCode()).isEqualTo(302);
  }

  @Test
  void signingOutEndsTheSession() throws Exception {
    BrowserSession session = new BrowserSession(SITE).signIn();
    String csrf = session.csrf("/runs");
    session.submit("/logout", "_csrf=" + BrowserSession.encode(csrf));
    assertThat(session.get("/runs").statusCode()).isEqualTo(302);
  }

  @Test
  void tokensAreKeptAsHashes() {
    String rows =
        SITE.services()
            .ledger()
            .jdbc()
            .sql("select string_agg(api_token::text, ' ') from api_token")
            .query(String.class)
            .single();
    assertThat(rows).doesNotContain(SITE.token());
  }

  @Test
  void saysNothingOfTheInsideWhenTheRequestIsBroken() {
    HttpResponse<String> answer = SITE.post("/api/v1/runs", "{\"recipe\": ");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("Exception", "jackson", "at dev.");
  }
}
