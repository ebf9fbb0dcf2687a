package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.stage.PublishedModel.Imported;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportBlockTest {
  private static final String TEMPLATE =
      "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>{% endfor %}";

  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  private ImportBlock block() throws IOException {
    return ImportBlock.of(published.folder);
  }

  private Map<String, String> digests() throws IOException {
    return block().digests(_ -> {});
  }

  @Test
  void whatItPinsIsImportedWithAllThatIsTakenOver() throws Exception {
    published.write("chat_template.jinja", TEMPLATE);
    published.write("tokenizer_config.json", "{\"eos_token\": \"<|endoftext|>\"}");
    published.write("generation_config.json", "{\"temperature\": 0.5}");
    published.write("README.md", "What people read.");
    List<Path> read = new ArrayList<>();
    Map<String, String> digests = block().digests(read::add);

    assertThat(digests)
        .isEqualTo(
            published.pinned(
                "chat_template.jinja", "tokenizer_config.json", "generation_config.json"));
    assertThat(read).containsExactlyElementsOf(block().files());
    Imported imported = published.imported(digests);
    assertThat(imported.path().resolve("chat_template.jinja")).hasContent(TEMPLATE);
    assertThat(imported.warnings()).hasSameSizeAs(block().left());
  }

  @Test
  void aTokenizersConfigurationWithoutATemplateIsNotPinned() throws Exception {
    published.write("tokenizer_config.json", "{}");
    assertThat(digests()).isEqualTo(published.pinned());
  }

  @Test
  void aTemplateThatCannotBeFollowedIsLeftOutAndSaid() throws Exception {
    published.write("chat_template.jinja", "{% macro turn() %}{% endmacro %}");
    ImportBlock block = block();
    assertThat(digests()).isEqualTo(published.pinned());
    assertThat(block.left()).hasSize(1);
    assertThat(block.left().getFirst())
        .startsWith("The chat template in chat_template.jinja cannot be followed exactly: ")
        .endsWith(". It is left out here");
    assertThat(published.imported(digests()).path()).exists();
  }

  /** As an import goes on that does not pin it. */
  @Test
  void howToAnswerIsLeftOutWhereItCannotBeRead() throws Exception {
    published.write("generation_config.json", "{");
    assertThat(digests()).isEqualTo(published.pinned());
    assertThat(block().left()).hasSize(1);
    assertThat(block().left().getFirst())
        .contains("generation_config.json")
        .endsWith(". It is left out here");
  }

  @Test
  void theModelIsWhatARecipeSaysOfIt() throws Exception {
    assertThat(block().model())
        .containsEntry("layers", 2)
        .containsEntry("slidingWindow", 8)
        .containsEntry("tiedHead", false)
        .doesNotContainKey("experts");
  }

  @Test
  void aModelWithExpertsSaysThem() {
    Experts experts = new Experts(4, 2, 0.5, 0.1);
    assertThat(RecipeModel.block(ToyFlow.MODEL.withExperts(experts)))
        .containsEntry("experts", Map.of("count", 4, "perToken", 2));
  }

  @Test
  void damagedWeightsAreRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(published.weights());
    Files.write(published.weights(), Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(this::block)
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("model.safetensors is not a whole safetensors file: ");
  }
}
