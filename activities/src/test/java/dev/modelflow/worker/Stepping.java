package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.StageQueries;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What tests ask about runs, above all those of a {@link SteppingExecutor}'s stage. */
final class Stepping {
  private Stepping() {}

  /** A run of one stage of the pool {@code cpu}, {@code synthesize}. */
  static Run create(FlowFixture flow) {
    return flow.services()
        .create(
            LedgerFixture.plan(
                LedgerFixture.stage(
                    "synthesize", StageKind.SYNTHESIZE, "cpu", Map.of(), Map.of())));
  }

  /** Waits until the run's stage has made so many steps. */
  static void awaitStep(FlowFixture flow, Run run, long step) {
    while (step(flow, run) < step) {
      FlowFixture.pause();
    }
  }

  private static long step(FlowFixture flow, Run run) {
    return flow.ledger()
        .jdbc()
        .sql("select coalesce(max(current_step), 0) from stage where run_id = :run")
        .param("run", run.id())
        .query(Long.class)
        .single();
  }

  /** The attempts at the run's stages, oldest first. */
  static List<AttemptView> attempts(FlowFixture flow, Run run) {
    return new StageQueries(flow.ledger().jdbc())
        .attempts(run.id()).stream().sorted(Comparator.comparing(AttemptView::startedAt)).toList();
  }

  /** Digest of the file that the run's stage made. */
  static Digest output(FlowFixture flow, Run run) {
    return new Digest(
        flow.ledger()
            .jdbc()
            .sql(
                """
                select file.sha256 from stage
                join stage_output output on output.stage_id = stage.id
                join artifact_file file on file.artifact_id = output.artifact_id
                where stage.run_id = :run and file.path = 'state.txt'
                """)
            .param("run", run.id())
            .query(String.class)
            .single());
  }

  /** The same, where each step was made once. */
  static Digest expected() {
    String state = "seed 20";
    for (int step = 0; step < SteppingExecutor.STEPS; step++) {
      state = Digest.of(state).hex();
    }
    return Digest.of(state);
  }
}
