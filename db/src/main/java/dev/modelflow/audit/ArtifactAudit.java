package dev.modelflow.audit;

import dev.modelflow.domain.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an artifact came from, back to its sources. {@link #tree} is the documented JSON, {@link
 * AuditPage} the same for people.
 *
 * @param artifact the audited artifact
 * @param kind what it is
 * @param totalSize of its files, in bytes
 * @param files its files with their digests
 * @param chain every stage that had a part in it, each after all that it reads from
 * @param sources the data that was not made by the flow
 * @param evaluations what was measured on it
 * @param branches runs that continue from it
 */
public record ArtifactAudit(
    Digest artifact,
    String kind,
    long totalSize,
    List<AuditedFile> files,
    List<AuditedStage> chain,
    List<Map<String, @Nullable Object>> sources,
    List<AuditedScore> evaluations,
    List<AuditedBranch> branches) {
  /** Version of the JSON's form. */
  public static final int FORM = 1;

  /** The whole audit as a tree for JSON. */
  public Map<String, @Nullable Object> tree() {
    Map<String, @Nullable Object> tree = provenance();
    tree.put("chain", chain.stream().map(AuditedStage::tree).toList());
    tree.put("branches", branches.stream().map(AuditedBranch::tree).toList());
    return tree;
  }

  /**
   * The part that holds no ids of runs, times or machines, so that equal work has equal provenance:
   * what a release carries with it.
   */
  public Map<String, @Nullable Object> provenance() {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("audit", FORM);
    tree.put("artifact", artifact.hex());
    tree.put("kind", kind);
    tree.put("totalSize", totalSize);
    tree.put("files", files.stream().map(AuditedFile::tree).toList());
    tree.put("sources", sources);
    tree.put("evaluations", evaluations.stream().map(AuditedScore::tree).toList());
    tree.put("chain", chain.stream().map(AuditedStage::provenance).toList());
    return tree;
  }

  /** One file of the artifact: its path, size in bytes and SHA-256. */
  public record AuditedFile(String path, long size, String sha256) {
    Map<String, @Nullable Object> tree() {
      Map<String, @Nullable Object> tree = new LinkedHashMap<>();
      tree.put("path", path);
      tree.put("size", size);
      tree.put("sha256", sha256);
      return tree;
    }
  }

  /** One result: what was asked, how it was measured, the number and how sure it is. */
  public record AuditedScore(
      String task, String metric, double value, double standardError, int samples) {
    Map<String, @Nullable Object> tree() {
      Map<String, @Nullable Object> tree = new LinkedHashMap<>();
      tree.put("task", task);
      tree.put("metric", metric);
      tree.put("value", value);
      tree.put("standardError", standardError);
      tree.put("samples", samples);
      return tree;
    }
  }

  /** A run that continues from the artifact, at this stage and step. */
  public record AuditedBranch(String run, String stage, long step) {
    Map<String, @Nullable Object> tree() {
      Map<String, @Nullable Object> tree = new LinkedHashMap<>();
      tree.put("run", run);
      tree.put("stage", stage);
      tree.put("step", step);
      return tree;
    }
  }
}
