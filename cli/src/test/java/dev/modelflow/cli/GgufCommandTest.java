package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GgufCommandTest {
  @TempDir private Path folder;
  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(said));
    return command.execute(arguments);
  }

  @Test
  void aFolderThatIsNotThereIsWrongUsage() {
    assertThat(run("gguf", folder + "/none")).isEqualTo(2);
    assertThat(said.toString()).isEqualTo("There is no folder " + folder + "/none\n");
  }

  @Test
  void aTypeThatIsNotKnownIsWrongUsage() {
    assertThat(run("gguf", folder.toString(), "--type", "q4_0")).isEqualTo(2);
    assertThat(said.toString())
        .isEqualTo(
            "--type is 'q4_0', which is no type of a GGUF file: use one of f32, f16, bf16, q8_0\n");
  }

  @Test
  void aFolderWithoutAModelFailsAndLeavesNoFile() {
    Path file = folder.resolve("model.gguf");
    assertThat(run("gguf", folder.toString(), file.toString())).isEqualTo(1);
    assertThat(said.toString())
        .isEqualTo(
            "%s cannot be written as GGUF: %s has no config.json: is it the right folder?\n"
                .formatted(folder, folder));
    assertThat(Files.exists(file)).isFalse();
  }
}
