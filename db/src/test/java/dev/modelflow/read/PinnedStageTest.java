package dev.modelflow.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Attempts;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Metric;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.services.UsesServices;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stage that its parent's result was to stand in for, but whose objects had been lost. */
@UsesServices
class PinnedStageTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final StageQueries stages = new StageQueries(fixture.ledger().jdbc());
  private final Stage original = stage(fixture.create(plan()));
  private final Stage pinned = stage(pinnedTo(original));

  PinnedStageTest() {
    work(original, "parent");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatWaitsShowsNothingOfItsParent() {
    assertThat(stages.outputs(pinned.runId())).isEmpty();
    assertThat(stages.ofRun(pinned.runId()).getFirst().reusedFrom()).isNull();
  }

  @Test
  void whatRanItselfShowsItsOwnResult() {
    work(pinned, "own");

    Digest own = manifest("own").id();
    String run = pinned.runId();
    StageView shown = stages.ofRun(run).getFirst();
    assertThat(shown.reusedFrom()).isNull();
    assertThat(shown.loss()).isEqualTo(3.0);
    assertThat(stages.outputs(run)).extracting(OutputView::artifact).containsExactly(own.hex());
    assertThat(stages.evaluations(run))
        .extracting(EvaluationView::checkpoint)
        .containsExactly(own.hex());
    assertThat(new CheckpointQueries(fixture.ledger().jdbc()).ofRun(run))
        .extracting(CheckpointView::artifact)
        .containsExactly(own.hex());
    MetricQueries metrics = new MetricQueries(fixture.ledger().jdbc());
    assertThat(metrics.names(run)).containsEntry("pretrain", List.of("loss", "own"));
    assertThat(metrics.series(run, "pretrain", "loss", 0, 10))
        .containsExactly(new MetricPoint(1, 3.0));
  }

  @Test
  void whatIsReusedShowsTheResultOfItsParent() {
    fixture.ledger().stages().reuse(pinned, original);
    StageView shown = stages.ofRun(pinned.runId()).getFirst();
    assertThat(shown.reusedFrom()).isEqualTo(new StageRef(original.runId(), "pretrain"));
    assertThat(shown.loss()).isEqualTo(6.0);
    CheckpointQueries checkpoints = new CheckpointQueries(fixture.ledger().jdbc());
    assertThat(checkpoints.ofRun(pinned.runId())).hasSize(1);
    assertThat(checkpoints.writtenBy(List.of(original.runId(), pinned.runId())))
        .extracting(CheckpointView::run)
        .containsExactly(original.runId());
  }

  /** Ends the stage with a loss of as many as the text has letters. */
  private void work(Stage stage, String text) {
    Attempts attempts = fixture.ledger().attempts();
    Manifest made = manifest(text);
    Fence fence = attempts.begin(stage, "w", Map.of()).orElseThrow();
    attempts.metrics(
        fence, List.of(new Metric("loss", 1, text.length()), new Metric(text, 1, 1.0)));
    attempts.checkpoint(fence, 1, 10, made, Map.of());
    attempts.evaluation(fence, made.id(), new Evaluation("maths", "accuracy", 0.5, 0.1, 10, true));
    attempts.succeed(fence, Map.of("checkpoint", made), Map.of());
  }

  private Run pinnedTo(Stage stage) {
    return fixture
        .ledger()
        .runs()
        .create(
            new NewRun(
                "child",
                "default",
                plan(),
                RunOrigin.rerun(stage.runId(), "pretrain"),
                Map.of(),
                Map.of("pretrain", new StageStart.Pinned(stage.id())),
                "tester"));
  }

  private Stage stage(Run run) {
    fixture.ledger().runs().begin(run.id());
    return fixture.ledger().stages().get(run.id(), "pretrain");
  }

  private static FlowPlan plan() {
    return LedgerFixture.plan(
        LedgerFixture.stage("pretrain", StageKind.PRETRAIN, "gpu", Map.of(), Map.of()));
  }

  private static Manifest manifest(String text) {
    return new Manifest(
        ArtifactKind.CHECKPOINT,
        List.of(new ManifestFile("model", text.length(), Digest.of(text))),
        Map.of());
  }
}
