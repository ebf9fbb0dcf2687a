package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generation config that an import takes over. */
class ImportedGenerationTest {
  private static final String NAME = "generation_config.json";

  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  /** As it is, so that its digest is the pinned one in every checkpoint. */
  @Test
  void aGenerationConfigThatIsPinnedStaysWithTheModel() throws Exception {
    Path config = published.write(NAME, "{\"temperature\": 0.6}");
    assertThat(published.imported(published.pinned()).path().resolve(NAME)).doesNotExist();

    PublishedModel.Imported imported = published.imported(published.pinned(NAME));
    assertThat(imported.path().resolve(NAME)).hasSameBinaryContentAs(config);
    assertThat(published.midtrained(imported).path().resolve(NAME)).hasSameBinaryContentAs(config);
  }

  @Test
  void aGenerationConfigThatIsPinnedMustBeThereAsItIsPinned() throws Exception {
    Map<String, String> files = published.pinned();
    files.put(NAME, "0".repeat(64));
    published
        .assertRefused(files, FailureClass.DATA)
        .hasMessage(
            published.folder
                + " has no generation_config.json, which the recipe pins: fetch it, or leave it out"
                + " of 'files'");
    Path config = published.write(NAME, "{}");
    published
        .assertRefused(files, FailureClass.DATA)
        .hasMessageContaining(config + " has SHA-256 ")
        .hasMessageContaining(" and the recipe wants 000000");
  }

  @Test
  void oneThatCannotBeReadIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path config = published.write(NAME, "{");
    assertThatThrownBy(() -> published.imported(published.pinned(NAME)))
        .isInstanceOf(TextException.class)
        .hasMessageStartingWith("Cannot read " + config + " as JSON: ");
    assertThat(published.imports()).doesNotExist();
  }
}
