package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import org.junit.jupiter.api.Test;

@UsesServices
class TrainerEnvironmentTest {
  private static final Site SITE = Site.shared();

  @Test
  void theApiSaysWithWhatATrainerWasStarted() {
    assertThat(SITE.json("/api/v1/runs/" + SampleLedger.BRANCH).path("attempts").valueStream())
        .isNotEmpty()
        .allMatch(
            attempt ->
                attempt
                    .at("/environment/trainer/OPENBLAS_CORETYPE")
                    .asString("")
                    .equals("SKYLAKEX"));
  }

  @Test
  void soDoesThePage() throws Exception {
    assertThat(new BrowserSession(SITE).signIn().get("/runs/" + SampleLedger.BRANCH).body())
        .contains("OPENBLAS_CORETYPE</dt><dd class=\"mono\">SKYLAKEX</dd>");
  }
}
