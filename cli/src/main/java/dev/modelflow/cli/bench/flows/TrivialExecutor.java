package dev.modelflow.cli.bench.flows;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.StageKind;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Does a stage by writing one line for each of its outputs: all else is the platform's work. */
final class TrivialExecutor implements StageExecutor {
  private static final Map<StageKind, Map<String, ArtifactKind>> OUTPUTS =
      Map.of(
          StageKind.SYNTHESIZE,
          Map.of("documents", ArtifactKind.CORPUS, "questions", ArtifactKind.PROMPT_SET),
          StageKind.CURATE,
          Map.of("tokenizer", ArtifactKind.TOKENIZER, "tokens.text", ArtifactKind.TOKEN_SET),
          StageKind.PRETRAIN,
          Map.of("checkpoint", ArtifactKind.CHECKPOINT));

  @Override
  public Set<StageKind> kinds() {
    return EnumSet.copyOf(OUTPUTS.keySet());
  }

  @Override
  public String codeVersion(StageKind kind) {
    return "trivial";
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws IOException {
    Map<String, StageOutput> made = new LinkedHashMap<>();
    for (Map.Entry<String, ArtifactKind> output :
        OUTPUTS.getOrDefault(context.kind(), Map.of()).entrySet()) {
      Path folder = Files.createDirectories(context.workFolder().resolve(output.getKey()));
      Files.writeString(
          folder.resolve("made.txt"), output.getKey() + " of seed " + context.seed() + "\n");
      made.put(
          output.getKey(),
          new StageOutput(output.getValue(), folder, Map.of("by", context.stage())));
    }
    return made;
  }
}
