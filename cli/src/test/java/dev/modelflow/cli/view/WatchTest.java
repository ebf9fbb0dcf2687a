package dev.modelflow.cli.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import dev.modelflow.domain.RunStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
  private static final Answer BEGUN =
      run(
          "running",
          """
          "status": "running", "startedAt": "2026-01-01T00:00:05Z", "step": 5,
          "tokensPerSecond": 12345.0, "loss": 2.5
          """);
  private static final Answer OVER =
      run(
          "succeeded",
          """
          "status": "succeeded", "startedAt": "2026-01-01T00:00:05Z",
          "finishedAt": "2026-01-01T00:01:10Z", "step": 10, "loss": 2.25
          """);
  private static final String DONE = "✓ synthesize done in 5 s";
  private static final String RUNNING =
      "▸ pretrain   ━━━━━━━━━━────────── 5/10  12.3k tokens/s  loss 2.500";
  private static final String ENDED = "✓ pretrain   done in 1 min 05 s, 10 steps, loss 2.250";
  private static final Answer EVENTS =
      Answer.of(
          """
          {"events": [
            {"seq": 1, "level": "info", "stage": null, "message": "The run began"},
            {"seq": 2, "level": "warning", "stage": "pretrain", "message": "A node is slow"}]}
          """);
  private static final Answer NO_EVENTS = Answer.of("{\"events\": []}");

  private final FakeServer server = new FakeServer();
  private final StringWriter screen = new StringWriter();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void withoutATerminalEachThingThatHappensIsALine() throws InterruptedException {
    server.at("/api/v1/runs/r", BEGUN, OVER).at("/api/v1/runs/r/events", EVENTS, NO_EVENTS);
    assertThat(follow(false)).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(screen.toString().lines())
        .containsExactly(
            "The run began", "warning: pretrain: A node is slow", DONE, RUNNING, ENDED);
  }

  @Test
  void onATerminalTheBlockIsDrawnOverItselfUnderTheWarnings() throws InterruptedException {
    server.at("/api/v1/runs/r", BEGUN, OVER).at("/api/v1/runs/r/events", EVENTS, NO_EVENTS);
    follow(true);
    assertThat(screen)
        .hasToString(
            "warning: pretrain: A node is slow\n"
                + (DONE + "\033[K\n" + RUNNING + "\033[K\n")
                + "\033[2A\033[J"
                + (DONE + "\033[K\n" + ENDED + "\033[K\n"));
  }

  @Test
  void aServerThatIsAwayForAWhileIsAskedAgain() throws InterruptedException {
    server.at("/api/v1/runs/r", new Answer(503, ""), OVER).at("/api/v1/runs/r/events", NO_EVENTS);
    assertThat(follow(false)).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(screen.toString().lines()).containsExactly(DONE, ENDED);
  }

  @Test
  void aRunThatIsNotThereIsNotWaitedFor() {
    server.at("/", new Answer(404, "{\"detail\": \"There is no run 'r'\"}"));
    assertThatThrownBy(() -> follow(false))
        .isInstanceOf(ApiException.class)
        .hasMessage("There is no run 'r'");
    assertThat(screen.toString()).isEmpty();
  }

  @Test
  void aStageSaysWhyItFailed() throws InterruptedException {
    server
        .at("/api/v1/runs/r", run("failed", "\"status\": \"failed\", \"failureMessage\": \"NaN\""))
        .at("/api/v1/runs/r/events", NO_EVENTS);
    assertThat(follow(false)).isEqualTo(RunStatus.FAILED);
    assertThat(screen.toString().lines()).containsExactly(DONE, "✗ pretrain   failed: NaN");
  }

  private RunStatus follow(boolean terminal) throws InterruptedException {
    return new Watch(server.api(), new PrintWriter(screen, true), terminal).follow("r").status();
  }

  private static Answer run(String status, String pretrain) {
    return Answer.of(
        """
        {"id": "r", "name": "n", "recipe": "tiny", "status": "%s", "stagesTotal": 2,
         "stagesDone": 1, "stages": [
          {"name": "synthesize", "kind": "synthesize", "position": 0, "pool": "cpu", "after": [],
           "epoch": 1, "status": "succeeded", "startedAt": "2026-01-01T00:00:00Z",
           "finishedAt": "2026-01-01T00:00:05Z"},
          {"name": "pretrain", "kind": "pretrain", "position": 1, "pool": "gpu",
           "after": ["synthesize"], "epoch": 1, "totalSteps": 10, %s}]}
        """
            .formatted(status, pretrain));
  }
}
