package dev.modelflow.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class GgufFileTest {
  private static final ModelConfig MODEL = new ModelConfig(2, 8, 2, 12, 260, 16, 4, 10_000, null);

  @TempDir private Path root;

  /** A run's folder is called as the run; programs show the name to people. */
  @Test
  void aModelIsCalledAsItsCardAndElseAsItsFolder() throws IOException {
    Path folder = root.resolve("01kb2m");
    Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
    new CheckpointFolder(folder)
        .write(
            MODEL, (tensor, piece, into) -> {}, tokenizer, JsonMapper.shared().createObjectNode());
    assertThat(exported(folder)).contains("general.name").contains("01kb2m");

    Files.writeString(folder.resolve("README.md"), "---\nlanguage: en\n---\n\n# Tiny talker\n");
    assertThat(exported(folder)).contains("Tiny talker").doesNotContain("01kb2m");
  }

  private String exported(Path folder) throws IOException {
    Path file = root.resolve("model.gguf");
    GgufFile.of("f32").write(folder, file);
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
