package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportRootTest {
  private static final List<String> FILES = List.of("config.json", "model.safetensors");

  @TempDir private Path folder;
  private Path models;
  private Path elsewhere;
  private ImportRoot root;

  @BeforeEach
  void makeModels() throws IOException {
    models = Files.createDirectories(folder.resolve("models"));
    elsewhere = model(folder.resolve("elsewhere"));
    root = new ImportRoot(models);
  }

  private static Path model(Path at) throws IOException {
    Files.createDirectories(at);
    for (String file : FILES) {
      Files.writeString(at.resolve(file), file);
    }
    return at;
  }

  private void assertRefused(Path model, String what) {
    assertThatThrownBy(() -> root.require(model, FILES))
        .isInstanceOf(StageFailedException.class)
        .hasMessage(
            "%s lies outside of %s, and this worker imports models from there alone: put it there"
                .formatted(what, models));
  }

  @Test
  void aModelBelowTheRootIsLetIn() throws IOException {
    Path model = model(models.resolve("some/toy"));
    assertThatCode(() -> root.require(model, FILES)).doesNotThrowAnyException();
    Path linked = Files.createSymbolicLink(models.resolve("linked"), model);
    assertThatCode(() -> root.require(linked, FILES)).doesNotThrowAnyException();
  }

  @Test
  void aModelElsewhereIsRefused() {
    assertRefused(elsewhere, elsewhere.toString());
    Path around = models.resolve("../elsewhere");
    assertRefused(around, around + ", which is " + elsewhere + ",");
  }

  @Test
  void linksToElsewhereAreRefused() throws IOException {
    Path link = Files.createSymbolicLink(models.resolve("link"), elsewhere);
    assertRefused(link, link + ", which is " + elsewhere + ",");

    Path model = model(models.resolve("toy"));
    Path weights = model.resolve("model.safetensors");
    Files.delete(weights);
    Files.createSymbolicLink(weights, elsewhere.resolve("model.safetensors"));
    assertRefused(model, weights + ", which is " + elsewhere.resolve("model.safetensors") + ",");
  }

  @Test
  void linksThatNoRecipePinsAreRefusedWhereAnImportLooksAtThem() throws IOException {
    Path model = model(models.resolve("toy"));
    Files.createSymbolicLink(model.resolve("README.md"), elsewhere.resolve("config.json"));
    assertThatCode(() -> root.require(model, FILES)).doesNotThrowAnyException();
    Path template = model.resolve("chat_template.jinja");
    Files.createSymbolicLink(template, elsewhere.resolve("config.json"));
    assertRefused(model, template + ", which is " + elsewhere.resolve("config.json") + ",");
  }

  @Test
  void aFolderThatIsNotThereIsRefusedOnlyOutside() {
    assertThatCode(() -> root.require(models.resolve("none"), FILES)).doesNotThrowAnyException();
    assertRefused(folder.resolve("none"), folder.resolve("none").toString());
  }

  @Test
  void aRootThatIsNotThereIsNone() {
    assertThatThrownBy(() -> new ImportRoot(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
