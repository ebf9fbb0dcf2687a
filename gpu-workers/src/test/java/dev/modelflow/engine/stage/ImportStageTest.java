package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.PublishedModel.Imported;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportStageTest {
  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  @Test
  void anImportedModelIsThePublishedOne() throws Exception {
    CheckpointFolder checkpoint = published.imported(published.pinned()).checkpoint();

    for (String file : published.pinned().keySet()) {
      assertThat(checkpoint.path().resolve(file))
          .hasSameBinaryContentAs(published.folder.resolve(file));
    }
    assertThat(checkpoint.hasOptimizer()).isFalse();
    assertThat(checkpoint.state().path("step").asInt(-1)).isZero();
  }

  /** In bf16 and in several files. */
  @Test
  void ourOwnReleaseIsImportedAsItIs() throws Exception {
    Path release =
        ToyRelease.rounded(new CheckpointFolder(published.folder), 20_000, root.resolve("released"))
            .path();
    Map<String, String> files = new LinkedHashMap<>();
    for (Path file : new CheckpointFolder(release).files()) {
      files.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
    }
    assertThat(files).containsKeys("config.json", "tokenizer.json", "model.safetensors.index.json");
    assertThat(files).hasSizeGreaterThan(4);

    Imported imported = new PublishedModel(published.flow, release).imported(files);
    Map<String, float[]> read = TensorFiles.read(weights(imported.path()));
    assertThat(read).usingRecursiveComparison().isEqualTo(TensorFiles.readAll(release));
    TensorFiles.read(published.weights())
        .forEach(
            (name, values) ->
                assertThat(read.get(name))
                    .usingComparatorWithPrecision(0.004f)
                    .containsExactly(values));
    assertThat(imported.warnings()).isEmpty();
  }

  private static Path weights(Path folder) {
    return folder.resolve("model.safetensors");
  }

  @Test
  void trainingGoesOnFromAnImportedModelWithFreshMoments() throws Exception {
    CheckpointFolder trained = published.midtrained(published.imported(published.pinned()));

    assertThat(trained.state().path("optimizerSteps").asInt()).isEqualTo(4);
    assertThat(Files.mismatch(weights(trained.path()), published.weights())).isNotNegative();
  }

  @Test
  void aFileThatIsNotThePinnedOneIsRefused() throws Exception {
    Map<String, String> files = published.pinned();
    files.put("model.safetensors", "0".repeat(64));
    published
        .assertRefused(files, FailureClass.DATA)
        .hasMessageContaining("model.safetensors has SHA-256 ")
        .hasMessageContaining(" and the recipe wants 000000");
  }

  @Test
  void aFileThatIsNotPinnedIsRefused() throws Exception {
    Map<String, String> files = published.pinned();
    files.remove("tokenizer.json");
    published
        .assertRefused(files, FailureClass.RECIPE)
        .hasMessage(
            "stages.import.files is [config.json, model.safetensors]: use also tokenizer.json,"
                + " which is read as well");
  }

  /** At once: the weights may be large, and nothing of them is read for that. */
  @Test
  void aModelThatIsNotTheRecipesIsRefusedWithEveryKey() throws Exception {
    Path config = published.folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"sliding_window\":8", "\"sliding_window\":9")
            .replace("\"rope_theta\":10000", "\"rope_theta\":20000"));
    Map<String, String> files = published.pinned();
    files.put("model.safetensors", "0".repeat(64));
    published
        .assertRefused(files, FailureClass.RECIPE)
        .hasMessage(
            "The recipe's model is not that of %s: set model.slidingWindow to 9 (it is 8), set model.ropeBase to 20000 (it is 10000)"
                .formatted(published.folder));
  }

  @Test
  void aFolderThatIsNotThereIsRefusedWithoutTryingAgain() throws Exception {
    Map<String, String> files = published.pinned();
    Path away = published.folder.resolveSibling("away");
    Files.move(published.folder, away);
    published
        .assertRefused(files, FailureClass.DATA)
        .hasMessage(
            "There is no folder %s on this worker: put the model there, or mount it there where the worker runs in a container"
                .formatted(published.folder));
  }

  @Test
  void aTokenizerWithMoreTokensThanTheEmbeddingIsRefused() throws Exception {
    WordCounts words = new WordCounts();
    words.add("the quick, the quick, the quick");
    TokenizerTrainer.train(words, 262).write(published.folder);
    published
        .assertRefused(published.pinned(), FailureClass.DATA)
        .hasMessageStartingWith(
            "tokenizer.json has 262 tokens and the model's embedding 260: token 260, '");
  }

  @Test
  void tokensOfAnotherTokenizerAreRefused() throws Exception {
    Path file = published.folder.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file) + "\n");
    Imported imported = published.imported(published.pinned());
    assertThatThrownBy(() -> published.midtrained(imported))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining(" were made by the tokenizer ");
  }

  @Test
  void aDamagedFileIsRefusedBeforeAnythingIsWritten() throws Exception {
    byte[] bytes = Files.readAllBytes(published.weights());
    Files.write(published.weights(), Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> published.imported(published.pinned()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("model.safetensors is not a whole safetensors file: ");
    assertThat(published.imports()).doesNotExist();
  }

  @Test
  void aWeightThatIsNoNumberIsNamedAndPicklesAreNeverRead() throws Exception {
    BrokenWeights.putNaN(published.folder, "model.norm.weight");
    assertThatThrownBy(() -> published.imported(published.pinned()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "model.safetensors has NaN in tensor 'model.norm.weight' at value 3");

    Path pickle = published.folder.resolve("pytorch_model.bin");
    Map<String, String> files = published.pinned();
    files.remove("model.safetensors");
    Files.move(published.weights(), pickle);
    files.put("pytorch_model.bin", Digests.of(pickle).hex());
    assertThatThrownBy(() -> published.imported(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("pytorch_model.bin is a pickle");
    assertThat(published.imports()).doesNotExist();
  }
}
