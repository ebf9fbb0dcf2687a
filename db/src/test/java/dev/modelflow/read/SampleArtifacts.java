package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StagePlan;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the stages of the sample make. */
final class SampleArtifacts {
  private SampleArtifacts() {}

  static Manifest checkpoint(String run, String stage, long step) {
    String seed = run + stage + step;
    return new Manifest(
        ArtifactKind.CHECKPOINT,
        List.of(
            new ManifestFile("config.json", 712, Digest.of(seed + "config")),
            new ManifestFile("model.safetensors", 4_106_880, Digest.of(seed + "model")),
            new ManifestFile("optimizer.safetensors", 8_213_760, Digest.of(seed + "optimizer")),
            new ManifestFile("tokenizer.json", 78_120, Digest.of("tokenizer.json")),
            new ManifestFile("trainer_state.json", 418, Digest.of(seed + "state"))),
        Map.of("stage", stage, "step", Long.toString(step), "tokens", Long.toString(step * 1024)));
  }

  static Manifest output(String name) {
    ArtifactKind kind =
        switch (name) {
          case "tokenizer" -> ArtifactKind.TOKENIZER;
          case "release" -> ArtifactKind.RELEASE;
          case "prompts", "questions" -> ArtifactKind.PROMPT_SET;
          case "tokens.glosses", "held-out.glosses" -> ArtifactKind.TOKEN_SET;
          default -> ArtifactKind.CORPUS;
        };
    return new Manifest(
        kind,
        IntStream.range(0, name.length() % 4 + 1)
            .mapToObj(
                i ->
                    new ManifestFile(
                        "%s-%05d.jsonl.zst".formatted(name, i),
                        1_204_511 + 977L * i,
                        Digest.of(name + i)))
            .toList(),
        Map.of("documents", "48213", "licences", "Apache-2.0, WordNet-3.1", "output", name));
  }

  /** The steps of a training stage; 1 for other stages. */
  static long steps(StagePlan stage) {
    return stage.parameters().get("steps") instanceof Number steps ? steps.longValue() : 1;
  }

  /** How long a stage of the sample takes. */
  static int seconds(StagePlan stage) {
    return switch (stage.kind()) {
      case SYNTHESIZE, MICROANNEAL, RELEASE -> 5;
      case CURATE -> 31;
      case EVALUATE -> 9;
      case IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, DPO, RLVR, MERGE ->
          (int) steps(stage) / 12;
    };
  }
}
