package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.Defaults;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.read.MetricPoint;
import dev.modelflow.read.MetricQueries;
import dev.modelflow.run.RunIds;
import dev.modelflow.worker.FlowFixture;
import java.util.List;
import java.util.Map;

/** Runs of a stage {@code pretrain} on {@link ToyData}, with a model that is soon trained. */
final class ToyRuns {
  static final String STAGE = "pretrain";

  private static final int CONTEXT = 48;

  private static final int HEADS = 2;

  private final FlowFixture flow;
  private final int width;

  /** Runs of a model with heads of eight values. */
  ToyRuns(FlowFixture flow) {
    this(flow, 8);
  }

  /** Runs of a model with heads of so many values. */
  ToyRuns(FlowFixture flow, int headSize) {
    this.flow = flow;
    this.width = HEADS * headSize;
  }

  /** A run with these parameters and the recipe's values in the places of others. */
  Run create(Map<String, Object> parameters) {
    return create(parameters, RunOrigin.none(), new StageStart.Afresh());
  }

  /** A branch that goes on with these parameters from a checkpoint of the parent's stage. */
  Run branch(Run parent, long step, Map<String, Object> parameters) {
    Digest checkpoint = checkpoint(parent, step);
    return create(
        parameters,
        RunOrigin.branch(parent.id(), STAGE, step, checkpoint),
        new StageStart.FromCheckpoint(checkpoint, step));
  }

  /** The one that its stage wrote after a step. */
  Digest checkpoint(Run run, long step) {
    return flow.ledger().stages().checkpoints(stage(run).id()).stream()
        .filter(written -> written.step() == step)
        .map(Checkpoint::artifact)
        .findFirst()
        .orElseThrow();
  }

  private Run create(Map<String, Object> parameters, RunOrigin origin, StageStart start) {
    return flow.ledger()
        .runs()
        .create(
            new NewRun(
                RunIds.next(),
                "default",
                plan(parameters),
                origin,
                Map.of(),
                Map.of(STAGE, start),
                "tester"));
  }

  /** Its stage as it is now. */
  Stage stage(Run run) {
    return flow.ledger().stages().get(run.id(), STAGE);
  }

  /** The checkpoint that it ends with; waits for that. */
  Digest output(Run run) {
    assertThat(flow.await(run.id()))
        .as(() -> String.valueOf(flow.ledger().runs().get(run.id()).failureMessage()))
        .isEqualTo(RunStatus.SUCCEEDED);
    return flow.ledger().stages().output(stage(run), "checkpoint");
  }

  /** The loss's points so far. */
  List<Double> losses(Run run) {
    return new MetricQueries(flow.ledger().jdbc())
        .series(run.id(), STAGE, "loss", -1, MetricQueries.MOST).stream()
            .map(MetricPoint::value)
            .toList();
  }

  private FlowPlan plan(Map<String, Object> parameters) {
    FlowPlan stages =
        LedgerFixture.plan(
            LedgerFixture.stage("curate", StageKind.CURATE, "cpu", Map.of(), Map.of()),
            LedgerFixture.stage(
                STAGE,
                StageKind.PRETRAIN,
                "gpu",
                Defaults.fill(StageKind.PRETRAIN, CONTEXT, parameters),
                Map.of(
                    "tokenizer", new StageInput("curate", "tokenizer", null),
                    "tokens.counting", new StageInput("curate", "tokens.counting", null))));
    return new FlowPlan(
        stages.name(),
        stages.source(),
        stages.canonical(),
        Map.of(
            "layers",
            2,
            "width",
            width,
            "heads",
            HEADS,
            "feedForward",
            24,
            "vocabulary",
            ToyData.VOCABULARY,
            "context",
            CONTEXT,
            "slidingWindow",
            8,
            "ropeBase",
            10_000),
        stages.stages());
  }
}
