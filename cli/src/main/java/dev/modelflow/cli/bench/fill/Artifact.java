package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An artifact of the filled ledger: a real manifest of small files, none of which equals another.
 *
 * @param key decides the bytes of its files
 * @param manifest of those files
 */
record Artifact(String key, Manifest manifest) {
  private static final List<String> CHECKPOINT =
      List.of(
          "config.json",
          "model.safetensors",
          "optimizer.safetensors",
          "tokenizer.json",
          "trainer_state.json");

  /** A checkpoint of a stage, of the files that trainers write. */
  static Artifact checkpoint(String run, String stage, long step) {
    return of(
        ArtifactKind.CHECKPOINT,
        run + "/" + stage + "/" + step,
        CHECKPOINT,
        Map.of("step", Long.toString(step), "tokens", Long.toString(step * 1024)));
  }

  /** Another output of a stage. */
  static Artifact output(String run, String stage, StageKind kind, String name) {
    return of(
        kind(kind, name),
        run + "/" + stage + "/" + name,
        List.of(name + ".jsonl.zst"),
        Map.of("output", name));
  }

  private static Artifact of(
      ArtifactKind kind, String key, List<String> paths, Map<String, String> properties) {
    List<ManifestFile> files = paths.stream().map(path -> file(key, path)).toList();
    return new Artifact(key, new Manifest(kind, files, properties));
  }

  private static ManifestFile file(String key, String path) {
    byte[] bytes = bytes(key, path);
    return new ManifestFile(path, bytes.length, Digest.of(bytes));
  }

  /** The bytes of one of its files. */
  byte[] bytes(String path) {
    return bytes(key, path);
  }

  private static byte[] bytes(String key, String path) {
    return ("A file of a filled ledger: " + key + "/" + path + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static ArtifactKind kind(StageKind stage, String name) {
    return switch (stage) {
      case SYNTHESIZE -> name.equals("documents") ? ArtifactKind.CORPUS : ArtifactKind.PROMPT_SET;
      case CURATE -> name.equals("tokenizer") ? ArtifactKind.TOKENIZER : ArtifactKind.TOKEN_SET;
      case EVALUATE, MICROANNEAL -> ArtifactKind.EVALUATION;
      case RELEASE -> ArtifactKind.RELEASE;
      case DPO, IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, RLVR, MERGE ->
          ArtifactKind.PREFERENCE_SET;
    };
  }
}
