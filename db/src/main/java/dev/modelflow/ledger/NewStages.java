package dev.modelflow.ledger;

import dev.modelflow.domain.StagePlan;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Inserts the stages of a new run. */
final class NewStages {
  private final JdbcClient jdbc;

  NewStages(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(String runId, int position, StagePlan stage, StageStart start) {
    switch (start) {
      case StageStart.ByFingerprint() ->
          insert(runId, position, stage, "fingerprint", null, null, null);
      case StageStart.Pinned(long original) ->
          insert(runId, position, stage, "pinned", original, null, null);
      case StageStart.Afresh() -> insert(runId, position, stage, "never", null, null, null);
      case StageStart.FromCheckpoint(var checkpoint, long step) ->
          insert(runId, position, stage, "fingerprint", null, checkpoint.hex(), step);
    }
  }

  private void insert(
      String runId,
      int position,
      StagePlan stage,
      String reuse,
      @Nullable Long original,
      @Nullable String checkpoint,
      @Nullable Long step) {
    jdbc.sql(
            """
            insert into stage (run_id, name, kind, position, pool, seed, parameters, inputs, status,
              reuse, reused_from, start_checkpoint, start_step)
            values (:run, :name, :kind, :position, :pool, :seed, :parameters::jsonb, :inputs::jsonb,
              'waiting', :reuse, :original, :checkpoint, :step)
            """)
        .param("run", runId)
        .param("name", stage.name())
        .param("kind", stage.kind().word())
        .param("position", position)
        .param("pool", stage.pool())
        .param("seed", stage.seed())
        .param("parameters", Json.write(stage.parameters()))
        .param("inputs", Json.write(stage.inputs()))
        .param("reuse", reuse)
        .param("original", original)
        .param("checkpoint", checkpoint)
        .param("step", step)
        .update();
  }
}
