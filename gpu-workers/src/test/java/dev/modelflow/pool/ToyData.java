package dev.modelflow.pool;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.StageKind;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Stands for curation: a token set of counted digits in the tokens of an imported model, or of a
 * tokenizer of bytes.
 */
final class ToyData implements StageExecutor {
  static final int VOCABULARY = 260;
  private static final int DOCUMENTS = 100;

  @Override
  public Set<StageKind> kinds() {
    return Set.of(StageKind.CURATE);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return "toy 1";
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws IOException {
    Path imported = context.inputs().get("tokenizer");
    Path tokens = Files.createDirectories(context.workFolder().resolve("tokens"));
    Path folder = Files.createDirectories(context.workFolder().resolve("tokenizer"));
    Path file =
        imported == null
            ? TokenizerTrainer.train(new WordCounts(), VOCABULARY).write(folder)
            : Files.copy(imported.resolve(Tokenizer.FILE), folder.resolve(Tokenizer.FILE));
    Tokenizer tokenizer = Tokenizer.read(file);
    try (TokenSetWriter writer = new TokenSetWriter(tokens, Digests.of(file).hex(), tokenizer)) {
      for (int document = 0; document < DOCUMENTS; document++) {
        String text = "0123456789".repeat(3).substring(document % 10);
        writer.add("counting" + document, "counting", tokenizer.encode(text), text.length());
      }
    }
    return Map.of(
        "tokenizer", new StageOutput(ArtifactKind.TOKENIZER, folder, Map.of()),
        "tokens.counting", new StageOutput(ArtifactKind.TOKEN_SET, tokens, Map.of()));
  }
}
