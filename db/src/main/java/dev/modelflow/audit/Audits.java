package dev.modelflow.audit;

import dev.modelflow.audit.ArtifactAudit.AuditedBranch;
import dev.modelflow.audit.ArtifactAudit.AuditedFile;
import dev.modelflow.audit.ArtifactAudit.AuditedScore;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Json;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows artifacts back to their sources. */
public final class Audits {
  private final Ledger ledger;

  /** Audits from {@code ledger}. */
  public Audits(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The audit of an artifact; throws {@link IllegalArgumentException} when there is none. */
  public ArtifactAudit of(Digest artifact) {
    return ledger
        .transactions()
        .in(
            () -> {
              Manifest manifest = ledger.artifacts().get(artifact);
              Map<Long, AuditedStage> chain = new LinkedHashMap<>();
              follow(artifact, chain, new LinkedHashSet<>());
              return new ArtifactAudit(
                  artifact,
                  manifest.kind().word(),
                  manifest.totalSize(),
                  manifest.files().stream()
                      .map(file -> new AuditedFile(file.path(), file.size(), file.sha256().hex()))
                      .toList(),
                  List.copyOf(chain.values()),
                  Sources.of(chain.values()),
                  measured(artifact).map(this::scoresOf).orElse(List.of()),
                  branchesOf(artifact));
            });
  }

  /** Adds the stage that made {@code artifact} after all stages that it reads from. */
  private void follow(Digest artifact, Map<Long, AuditedStage> chain, Set<Digest> seen) {
    if (!seen.add(artifact)) {
      return;
    }
    Optional<Long> maker = makerOf(artifact);
    if (maker.isEmpty()) {
      return;
    }
    Map<String, String> inputs = inputsOf(artifact, maker.get());
    inputs.values().forEach(source -> follow(new Digest(source), chain, seen));
    if (!chain.containsKey(maker.get())) {
      chain.put(maker.get(), describe(maker.get(), inputs));
    }
  }

  /**
   * Where an artifact's evaluations stand: with itself, or with the checkpoint it was made from.
   */
  private Optional<Digest> measured(Digest artifact) {
    if (ledger.artifacts().get(artifact).kind() == ArtifactKind.CHECKPOINT) {
      return Optional.of(artifact);
    }
    return makerOf(artifact)
        .map(maker -> inputsOf(artifact, maker).get("checkpoint"))
        .map(Digest::new);
  }

  /** The first stage that committed the artifact; those that only reused it do not count. */
  private Optional<Long> makerOf(Digest artifact) {
    return ledger
        .jdbc()
        .sql(
            """
            select stage.id from stage
            where stage.status <> 'reused' and (
              exists (select 1 from stage_output o
                      where o.stage_id = stage.id and o.artifact_id = :id)
              or exists (select 1 from checkpoint c
                         where c.stage_id = stage.id and c.artifact_id = :id))
            order by stage.id limit 1
            """)
        .param("id", artifact.hex())
        .query(Long.class)
        .optional();
  }

  private Map<String, String> inputsOf(Digest artifact, long stageId) {
    Map<String, String> inputs = new LinkedHashMap<>();
    ledger
        .jdbc()
        .sql("select role, src from edge where dst = :id and stage_id = :stage order by role, src")
        .param("id", artifact.hex())
        .param("stage", stageId)
        .query(
            row -> {
              inputs.put(row.getString("role"), row.getString("src"));
            });
    return inputs;
  }

  private AuditedStage describe(long stageId, Map<String, String> inputs) {
    Stage stage = ledger.stages().get(stageId);
    Run run = ledger.runs().get(stage.runId());
    Map<String, String> outputs = new LinkedHashMap<>();
    ledger.stages().outputs(stageId).forEach((name, id) -> outputs.put(name, id.hex()));
    Digest checkpoint = ledger.stages().outputs(stageId).get("checkpoint");
    Attempted attempted = attempted(stageId);
    Digest fingerprint = stage.fingerprint();
    return new AuditedStage(
        run.id(),
        stage.name(),
        stage.kind().word(),
        stage.seed(),
        stage.parameters(),
        Fingerprint.modelOf(stage.kind(), run.model()),
        stage.codeVersion(),
        differingVersions(stageId),
        fingerprint == null ? null : fingerprint.hex(),
        inputs,
        outputs,
        checkpoint == null ? List.of() : scoresOf(checkpoint),
        stage.epoch(),
        attempted.environment(),
        attempted.endedAt());
  }

  /** Of the attempts whose checkpoints or outputs were kept; empty when all are the same. */
  private List<String> differingVersions(long stageId) {
    List<String> versions =
        ledger
            .jdbc()
            .sql(
                """
                select code_version from attempt
                where stage_id = :id and code_version is not null and (
                  status = 'succeeded'
                  or exists (select 1 from checkpoint where attempt_id = attempt.id))
                group by code_version order by min(epoch)
                """)
            .param("id", stageId)
            .query(String.class)
            .list();
    return versions.size() > 1 ? versions : List.of();
  }

  private Attempted attempted(long stageId) {
    return ledger
        .jdbc()
        .sql(
            """
            select environment, ended_at from attempt where stage_id = :id
            order by (status = 'succeeded') desc, epoch desc limit 1
            """)
        .param("id", stageId)
        .query(
            (row, number) ->
                new Attempted(
                    Json.tree(row.getString("environment")), instant(row.getTimestamp("ended_at"))))
        .optional()
        .orElse(new Attempted(Map.of(), null));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }

  /** What the newest stage measured that evaluated the checkpoint. */
  private List<AuditedScore> scoresOf(Digest checkpoint) {
    return ledger
        .jdbc()
        .sql(
            """
            select * from evaluation
            where checkpoint_id = :id and stage_id = (
              select max(newest.stage_id)
              from evaluation newest join stage on stage.id = newest.stage_id
              where newest.checkpoint_id = :id and stage.status = 'succeeded')
            order by task, metric
            """)
        .param("id", checkpoint.hex())
        .query(Audits::score)
        .list();
  }

  private static AuditedScore score(ResultSet row, int number) throws SQLException {
    return new AuditedScore(
        row.getString("task"),
        row.getString("metric"),
        row.getDouble("value"),
        row.getDouble("standard_error"),
        row.getInt("samples"));
  }

  private List<AuditedBranch> branchesOf(Digest artifact) {
    return ledger
        .jdbc()
        .sql(
            """
            select id, branch_stage, branch_step from run where branch_checkpoint = :id
            order by created_at, id
            """)
        .param("id", artifact.hex())
        .query(
            (row, number) ->
                new AuditedBranch(
                    row.getString("id"), row.getString("branch_stage"), row.getLong("branch_step")))
        .list();
  }

  private record Attempted(Map<String, @Nullable Object> environment, @Nullable Instant endedAt) {}
}
