package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known of a checkpoint that is to be released. */
final class Audits {
  private static final Map<String, Object> GLOSSES =
      Map.of(
          "name", "glosses",
          "artifact", "org.example:texts:1.0",
          "licence", "WordNet-3.1",
          "sha256", "1".repeat(64));

  private Audits() {}

  /** Of a model that was pretrained and no more. */
  static ArtifactAudit pretrained() {
    return of(
        stage(
            "pretrain",
            "pretrain",
            Map.of("steps", 1200, "learningRate", 0.003, "mix", Map.of("glosses", 1)),
            Map.of(),
            Map.of()));
  }

  /** Of stages of these kinds, each of which goes on from the one before. */
  static ArtifactAudit chain(String... kinds) {
    AuditedStage[] stages = new AuditedStage[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      Map<String, String> read = i == 0 ? Map.of() : Map.of("checkpoint", "c" + (i - 1));
      stages[i] = stage(kinds[i], kinds[i], Map.of(), read, Map.of("checkpoint", "c" + i));
    }
    return of(stages);
  }

  /** Of these stages, one source of data and one evaluation. */
  static ArtifactAudit of(AuditedStage... stages) {
    return new ArtifactAudit(
        Digest.of("checkpoint"),
        "checkpoint",
        3,
        List.of(),
        List.of(stages),
        List.of(GLOSSES),
        List.of(new ArtifactAudit.AuditedScore("needles", "accuracy", 0.85, 0.0357, 100)),
        List.of());
  }

  /** Of this source of data alone. */
  static ArtifactAudit ofSource(Map<String, Object> source) {
    return new ArtifactAudit(
        Digest.of("checkpoint"),
        "checkpoint",
        3,
        List.of(),
        List.of(),
        List.of(source),
        List.of(),
        List.of());
  }

  /** A stage of a run, with the artifact of each role that it read and wrote. */
  static AuditedStage stage(
      String name,
      String kind,
      Map<String, Object> parameters,
      Map<String, String> inputs,
      Map<String, String> outputs) {
    return new AuditedStage(
        "run-1",
        name,
        kind,
        20,
        new TreeMap<>(parameters),
        Map.of(),
        "abc",
        List.of(),
        null,
        inputs,
        outputs,
        List.of(),
        1,
        Map.of(),
        Instant.parse("2026-11-23T00:00:00Z"));
  }
}
