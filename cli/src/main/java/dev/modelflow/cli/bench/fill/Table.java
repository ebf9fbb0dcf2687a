package dev.modelflow.cli.bench.fill;

/** The tables that are filled, each after those that it refers to. */
enum Table {
  RECIPE("recipe", "digest, name, canonical"),
  RUN(
      "run",
      "id, project_id, name, recipe_digest, status, parent_run, branch_stage, branch_step,"
          + " branch_checkpoint, overrides, model, created_by, created_at, started_at, finished_at,"
          + " failure_class, failure_message, stages_total, stages_done, source"),
  STAGE(
      "stage",
      "id, run_id, name, kind, position, pool, seed, parameters, inputs, status, fingerprint,"
          + " reuse, reused_from, start_checkpoint, start_step, code_version, started_at,"
          + " finished_at, failure_class, failure_message, total_steps, current_step,"
          + " tokens_per_second, epoch"),
  ATTEMPT(
      "attempt",
      "id, stage_id, epoch, status, worker, device, started_at, last_heard_at, ended_at,"
          + " environment, code_version"),
  ARTIFACT("artifact", "id, kind, manifest, total_size, file_count, properties, created_at"),
  ARTIFACT_FILE("artifact_file", "artifact_id, path, size, sha256"),
  STAGE_OUTPUT("stage_output", "stage_id, name, artifact_id"),
  CHECKPOINT("checkpoint", "stage_id, step, tokens, artifact_id, attempt_id, final, created_at"),
  EDGE("edge", "src, dst, role, stage_id"),
  METRIC("metric", "stage_id, name, step, value, at"),
  EVALUATION(
      "evaluation",
      "stage_id, checkpoint_id, task, metric, value, standard_error, samples, higher_is_better"),
  EVENT("event", "run_id, stage, level, message, at"),
  LOG_CHUNK("log_chunk", "attempt_id, first_line, lines, text");

  private final String name;
  private final String columns;

  Table(String name, String columns) {
    this.name = name;
    this.columns = columns;
  }

  /** The statement that takes its rows in the text format of COPY. */
  String copy() {
    return "copy " + name + " (" + columns + ") from stdin";
  }
}
