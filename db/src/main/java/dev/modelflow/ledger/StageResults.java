package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Records what a stage made, and that it is done. */
final class StageResults {
  private final JdbcClient jdbc;
  private final Artifacts artifacts;

  StageResults(JdbcClient jdbc, Artifacts artifacts) {
    this.jdbc = jdbc;
    this.artifacts = artifacts;
  }

  /** In the caller's transaction, which holds the fence. */
  void record(Fence fence, Map<String, Manifest> outputs, Map<String, Digest> sources) {
    outputs.forEach(
        (name, manifest) -> commitOutput(fence, name, artifacts.record(manifest), sources));
    jdbc.sql("update stage set status = 'succeeded', finished_at = now() where id = :id")
        .param("id", fence.stageId())
        .update();
    jdbc.sql("update run set stages_done = stages_done + 1 where id = :run")
        .param("run", fence.runId())
        .update();
  }

  private void commitOutput(
      Fence fence, String name, Digest artifact, Map<String, Digest> sources) {
    jdbc.sql("insert into stage_output (stage_id, name, artifact_id) values (:stage, :name, :id)")
        .param("stage", fence.stageId())
        .param("name", name)
        .param("id", artifact.hex())
        .update();
    sources.forEach(
        (role, source) -> artifacts.recordEdge(source, artifact, role, fence.stageId()));
    jdbc.sql(
            """
            update checkpoint set final = true where stage_id = :stage and artifact_id = :id
            """)
        .param("stage", fence.stageId())
        .param("id", artifact.hex())
        .update();
  }
}
