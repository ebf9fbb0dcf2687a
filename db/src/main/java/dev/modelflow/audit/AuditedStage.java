package dev.modelflow.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage that had a part in an audited artifact.
 *
 * @param run that did the work
 * @param stage its name in the recipe
 * @param kind what it did
 * @param seed of everything random in it
 * @param parameters as the recipe resolved them
 * @param model the recipe's model
 * @param codeVersion of the code that did the work, or its end
 * @param codeVersions of the code of every attempt whose work is in it, where they differ; else
 *     empty
 * @param fingerprint of the stage
 * @param inputs role → artifact that it read
 * @param outputs name → artifact that it made
 * @param scores what was measured on the checkpoint that it made
 * @param attempts how many it took
 * @param environment of the attempt that committed its outputs
 * @param finishedAt when; null while it goes on
 */
public record AuditedStage(
    String run,
    String stage,
    String kind,
    long seed,
    Map<String, @Nullable Object> parameters,
    Map<String, @Nullable Object> model,
    @Nullable String codeVersion,
    List<String> codeVersions,
    @Nullable String fingerprint,
    Map<String, String> inputs,
    Map<String, String> outputs,
    List<ArtifactAudit.AuditedScore> scores,
    int attempts,
    Map<String, @Nullable Object> environment,
    @Nullable Instant finishedAt) {
  Map<String, @Nullable Object> tree() {
    Map<String, @Nullable Object> tree = provenance();
    tree.put("run", run);
    tree.put("attempts", attempts);
    tree.put("environment", environment);
    tree.put("finishedAt", finishedAt == null ? null : finishedAt.toString());
    return tree;
  }

  Map<String, @Nullable Object> provenance() {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("stage", stage);
    tree.put("kind", kind);
    tree.put("seed", seed);
    tree.put("parameters", parameters);
    tree.put("model", model);
    tree.put("codeVersion", codeVersion);
    tree.put("codeVersions", codeVersions);
    tree.put("fingerprint", fingerprint);
    tree.put("inputs", inputs);
    tree.put("outputs", outputs);
    tree.put("evaluations", scores.stream().map(ArtifactAudit.AuditedScore::tree).toList());
    return tree;
  }
}
