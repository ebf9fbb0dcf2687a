package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits list every file that a recipe pins with its digest. */
class PinnedFilesTest {
  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  @Test
  void aFileThatIsNotTakenOverHasItsDigest() throws Exception {
    published.write("tokenizer_config.json", "{}");
    Map<String, String> files = published.pinned();
    files.put("tokenizer_config.json", "0".repeat(64));
    published
        .assertRefused(files, FailureClass.DATA)
        .hasMessageContaining("tokenizer_config.json has SHA-256 44136fa355b3678a1146ad16f7e8649e")
        .hasMessageContaining(" and the recipe wants 0000");
  }

  @Test
  void whatNothingReadsIsRefused() throws Exception {
    published.write("generation_confg.json", "{}");
    published
        .assertRefused(published.pinned("generation_confg.json"), FailureClass.RECIPE)
        .hasMessageStartingWith("'files' pins generation_confg.json, which no import of ")
        .hasMessageEndingWith(" reads: correct its name, or leave it out");
  }
}
