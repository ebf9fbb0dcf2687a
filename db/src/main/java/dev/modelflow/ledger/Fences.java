package dev.modelflow.ledger;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks whether an attempt may still write; in the caller's transaction. */
final class Fences {
  private final JdbcClient jdbc;

  Fences(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Locks the stage's row until the transaction ends, so that no newer attempt begins in between;
   * throws {@link FencedException} when the fence is not current.
   */
  void hold(Fence fence) {
    if (!holds(fence)) {
      throw new FencedException(fence);
    }
  }

  /** Does so and says whether the fence is current. */
  boolean holds(Fence fence) {
    return jdbc.sql(
            """
            select 1 from stage join run on run.id = stage.run_id
            where stage.id = :id and stage.epoch = :epoch and stage.status = 'running'
              and run.id = :run and run.incarnation = :incarnation::uuid
            for no key update of stage
            """)
        .param("id", fence.stageId())
        .param("epoch", fence.epoch())
        .param("run", fence.runId())
        .param("incarnation", fence.incarnation())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  /** Whether the attempt has succeeded, so that it need not be told that its stage has ended. */
  boolean hasSucceeded(Fence fence) {
    return jdbc.sql(
            """
            select 1
            from attempt join stage on stage.id = attempt.stage_id join run on run.id = stage.run_id
            where attempt.id = :id and attempt.status = 'succeeded'
              and run.id = :run and run.incarnation = :incarnation::uuid
            """)
        .param("id", fence.attemptId())
        .param("run", fence.runId())
        .param("incarnation", fence.incarnation())
        .query(Integer.class)
        .optional()
        .isPresent();
  }
}
