package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@UsesServices
class LogTest {
  private static final Site SITE = Site.shared();
  private static final String BRANCH = "/api/v1/runs/" + SampleLedger.BRANCH + "/stages/";

  @Test
  void answersWithTheLogOfTheLastAttemptOrOfTheOneThatIsNamed() {
    HttpResponse<String> last = SITE.get(BRANCH + "pretrain/log");
    assertThat(last.statusCode()).isEqualTo(200);
    assertThat(last.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
    assertThat(last.body())
        .isEqualTo("Attempt 2 on worker gpu-1, code 0.1.0\nReads <b>glosses</b> & its index\n");
    assertThat(SITE.get(BRANCH + "pretrain/log?attempt=1").body())
        .isEqualTo("Attempt 1 on worker gpu-2, code 0.1.0\n");
  }

  @Test
  void saysInOneSentenceWhatThereIsNot() {
    assertMissing("/api/v1/runs/nowhere/stages/sft/log", "There is no run 'nowhere'");
    assertMissing(
        BRANCH + "sft/log",
        "Run '%s' has no stage 'sft' that a worker began".formatted(SampleLedger.BRANCH));
    assertMissing(
        BRANCH + "pretrain/log?attempt=3", "Stage 'pretrain' has no attempt 3; it has [1, 2]");
  }

  private static void assertMissing(String path, String sentence) {
    HttpResponse<String> answer =
        SITE.send(SITE.request(path).header("Accept", "text/plain").build());
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"detail\":\"" + sentence + "\"");
  }

  @Test
  void tellsAStrangerNothing() {
    HttpResponse<String> answer =
        SITE.send(HttpRequest.newBuilder(SITE.uri(BRANCH + "pretrain/log")).build());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("glosses", "pretrain");
  }

  @Test
  void thePageEscapesWhatAnAttemptSaid() throws Exception {
    String page =
        new BrowserSession(SITE)
            .signIn()
            .get("/runs/" + SampleLedger.BRANCH + "?log=pretrain&stage=pretrain&metric=loss")
            .body();
    assertThat(page)
        .contains("Reads &lt;b&gt;glosses&lt;/b&gt; &amp; its index")
        .doesNotContain("<b>glosses");
  }

  @Test
  void linksToACurveKeepTheLogAndTheOtherWayRound() throws Exception {
    String page =
        new BrowserSession(SITE)
            .signIn()
            .get("/runs/" + SampleLedger.BRANCH + "?log=pretrain&attempt=1&stage=midtrain")
            .body();
    assertThat(page)
        .contains(
            "?stage=pretrain&amp;log=pretrain&amp;attempt=1#curve-title",
            "?stage=midtrain&amp;log=pretrain&amp;attempt=2#logs-title");
  }
}
