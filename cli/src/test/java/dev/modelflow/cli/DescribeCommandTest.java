package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DescribeCommandTest {
  private static final Path PUBLISHED =
      Path.of("../gpu-workers/src/test/resources/golden/published").toAbsolutePath().normalize();

  @TempDir private Path root;
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void copy() throws IOException {
    folder = Files.createDirectories(root.resolve("Toy 7B"));
    try (var files = Files.list(PUBLISHED)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private int run(String... arguments) {
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  @Test
  void whatItPrintsIsARecipeThatPlans() throws Exception {
    assertThat(run("describe", folder.toString(), "--model", "ai/toy", "--licence", "MIT"))
        .isZero();
    String yaml = out.toString();
    assertThat(yaml)
        .startsWith(
            """
            recipe: 1
            name: toy-7b
            model:
              layers: 7
              width: 16
              heads: 4
              keyValueHeads: 2
              headSize: 8
              feedForward: 32
              vocabulary: 288
              context: 128
              slidingWindow: 8
              ropeBase: 10000
              tiedHead: false
            stages:
              import:
                folder: "%s"
                model: "ai/toy"
                licence: "MIT"
                files:
                  - {name: "config.json", sha256: \""""
                .formatted(folder));
    assertThat(Recipe.parse(yaml, "toy").stages()).hasSize(1);
    assertThat(run("plan", Files.writeString(root.resolve("toy.yaml"), yaml).toString())).isZero();
  }

  @Test
  void scriptsReadTheSameAsJson() {
    assertThat(run("describe", folder.toString(), "--json")).isZero();
    JsonNode tree = JsonMapper.shared().readTree(out.toString());
    assertThat(tree.at("/model/layers").asInt()).isEqualTo(7);
    assertThat(tree.at("/import/folder").asString()).isEqualTo(folder.toString());
    assertThat(tree.at("/import/files").findValuesAsString("name"))
        .containsExactly(
            "config.json",
            "tokenizer.json",
            "model.safetensors",
            "generation_config.json",
            "chat_template.jinja",
            "tokenizer_config.json");
    assertThat(tree.at("/left").size()).isZero();
  }

  @Test
  void aModelThatCannotBeImportedIsRefusedInOneSentence() throws Exception {
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"silu\"", "\"gelu\""));
    assertThat(run("describe", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(folder + " cannot be imported: config.json has hidden_act ")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsRefusedWithItsReason() throws Exception {
    Path config = folder.resolve("config.json");
    Files.delete(config);
    Files.createDirectory(config);
    assertThat(run("describe", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(folder + " cannot be imported: ")
        .contains("Is a directory")
        .hasLineCount(1);
  }

  @Test
  void whatNoRecipeMaySayIsWrongUsage() {
    assertThat(run("describe", folder.toString(), "--model", "no hub's name")).isEqualTo(2);
    assertThat(err.toString()).contains("no hub's name").doesNotContain("Digest of");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsWrongUsage() {
    assertThat(run("describe", folder + "/none")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("There is no folder " + folder + "/none\n");
  }
}
