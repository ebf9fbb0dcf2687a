package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.GenerationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenOverTest {
  @TempDir private Path root;
  private Path tokenizer;
  private Path other;

  @BeforeEach
  void make() throws IOException {
    tokenizer = Files.createDirectory(root.resolve("one")).resolve("tokenizer.json");
    other = Files.createDirectory(root.resolve("other")).resolve("tokenizer.json");
  }

  @Test
  void aCheckpointHoldsWhatLiesBesideItsTokenizerAndNoOthers() throws IOException {
    write(tokenizer, "published");
    write(other, "of another program");
    TakenOver.copy(tokenizer, root.resolve("other"));
    assertThat(beside(other)).hasContent("published");

    Files.delete(beside(tokenizer));
    TakenOver.copy(tokenizer, root.resolve("other"));
    assertThat(beside(other)).doesNotExist();
  }

  @Test
  void aFileThatOneAloneHasIsADifference() throws IOException {
    assertThat(TakenOver.difference(tokenizer, other)).isEmpty();
    write(tokenizer, "{}");
    assertThat(TakenOver.difference(tokenizer, other)).contains(GenerationConfig.FILE);
    assertThat(TakenOver.difference(other, tokenizer)).contains(GenerationConfig.FILE);
    write(other, "{}");
    assertThat(TakenOver.difference(tokenizer, other)).isEmpty();
    write(other, "{ }");
    assertThat(TakenOver.difference(tokenizer, other)).contains(GenerationConfig.FILE);
  }

  private static Path beside(Path tokenizer) {
    return tokenizer.resolveSibling(GenerationConfig.FILE);
  }

  private static void write(Path tokenizer, String text) throws IOException {
    Files.writeString(beside(tokenizer), text);
  }
}
