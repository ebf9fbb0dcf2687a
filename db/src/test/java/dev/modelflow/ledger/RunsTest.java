package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.services.UsesServices;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@UsesServices
class RunsTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final Ledger ledger = fixture.ledger();
  private final String run = fixture.create(LedgerFixture.twoStages()).id();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void recordingTwiceUnderOneIdMakesOneRun() {
    NewRun twice =
        new NewRun(
            "twice",
            "default",
            LedgerFixture.twoStages(),
            RunOrigin.none(),
            Map.of(),
            Map.of(),
            "tester");
    assertThat(ledger.runs().create(twice)).isEqualTo(ledger.runs().create(twice));
    assertThat(ledger.runs().outbox()).containsExactly(run, "twice");
    assertThat(ledger.stages().of("twice")).hasSize(2);
  }

  @Test
  void aRunThatIsCancelledBeforeItBeganLeavesNoStageWaiting() {
    ledger.runs().requestCancel(run, "tester");
    assertThat(ledger.runs().finish(run, RunStatus.CANCELLED)).isEqualTo(RunStatus.CANCELLED);
    assertThat(ledger.stages().of(run))
        .extracting(Stage::status)
        .containsOnly(StageStatus.CANCELLED);
  }

  @Test
  void whatEndedBeforeTheRunStaysAsItWas() {
    ledger.runs().begin(run);
    Stage synthesize = ledger.stages().get(run, "synthesize");
    Fence fence = ledger.attempts().begin(synthesize, "w", Map.of()).orElseThrow();
    ledger.attempts().succeed(fence, Map.of(), Map.of());
    ledger.runs().finish(run, RunStatus.CANCELLED);
    assertThat(ledger.stages().of(run))
        .extracting(Stage::status)
        .containsExactly(StageStatus.SUCCEEDED, StageStatus.CANCELLED);
  }

  @Test
  void aRunThatIsRefusedFailsWithTheReasonAndLeavesTheOutbox() {
    ledger.runs().refuse(run, "It is too large");
    assertThat(ledger.runs().outbox()).isEmpty();
    assertThat(ledger.runs().get(run).status()).isEqualTo(RunStatus.FAILED);
    assertThat(ledger.runs().get(run).failureMessage()).isEqualTo("It is too large");
    assertThat(ledger.stages().of(run))
        .extracting(Stage::status)
        .containsOnly(StageStatus.CANCELLED);
  }

  @Test
  void aRunThatIsRefusedWhileItIsCancelledEndsCancelled() {
    ledger.runs().requestCancel(run, "tester");
    ledger.runs().refuse(run, "It is too large");
    assertThat(ledger.runs().outbox()).isEmpty();
    assertThat(ledger.runs().get(run).status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(ledger.runs().get(run).failureMessage()).isNull();
  }

  @Test
  void aRunThatHasItsWorkflowIsNotRefused() {
    ledger.runs().dispatched(run);
    ledger.runs().refuse(run, "It is too large");
    assertThat(ledger.runs().get(run).status()).isEqualTo(RunStatus.QUEUED);
  }
}
