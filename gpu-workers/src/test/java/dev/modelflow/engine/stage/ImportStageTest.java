package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Json;
import dev.modelflow.text.TextException;
import dev.modelflow.text.TokenizerConfig;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ImportStageTest {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 3, "rows": 2, "learningRate": 0.01}
      """;
  private static final String MIDTRAIN =
      """
      {"mix": {"words": 1}, "steps": 4, "rows": 2, "learningRate": 0.01}
      """;

  @TempDir private Path root;
  private ToyFlow flow;
  private Path published;
  private int imports;

  /** A folder with what people publish: no optimizer, no state. */
  @BeforeEach
  void publish() throws Exception {
    flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);
    published = Files.createDirectories(root.resolve("published"));
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(events.checkpointAt(3).resolve(file), published.resolve(file));
    }
  }

  private CheckpointFolder imported(Map<String, String> files) throws IOException {
    return imported(files, "import", new RecordedEvents());
  }

  private CheckpointFolder imported(Map<String, String> files, String output, RecordedEvents events)
      throws IOException {
    List<Map<String, String>> pinned = new ArrayList<>();
    files.forEach((name, digest) -> pinned.add(Map.of("name", name, "sha256", digest)));
    String parameters =
        JsonMapper.shared()
            .writeValueAsString(Map.of("folder", published.toString(), "files", pinned));
    StageResult result = Stages.run(flow.spec(StageKind.IMPORT, parameters, output, null), events);
    StageResult.Done done = (StageResult.Done) result;
    return new CheckpointFolder(done.outputs().values().iterator().next().path());
  }

  private static Path weights(Path folder) {
    return folder.resolve("model.safetensors");
  }

  private Map<String, String> pinned() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      files.put(file, Digests.of(published.resolve(file)).hex());
    }
    return files;
  }

  @Test
  void anImportedModelIsThePublishedOne() throws Exception {
    CheckpointFolder checkpoint = imported(pinned());

    for (String file : pinned().keySet()) {
      assertThat(checkpoint.path().resolve(file)).hasSameBinaryContentAs(published.resolve(file));
    }
    assertThat(checkpoint.hasOptimizer()).isFalse();
    assertThat(checkpoint.state().path("step").asInt(-1)).isZero();
  }

  /** In bf16 and in several files. */
  @Test
  void ourOwnReleaseIsImportedAsItIs() throws Exception {
    Map<String, float[]> exact = Safetensors.readAll(weights(published));
    published =
        ToyRelease.rounded(new CheckpointFolder(published), 20_000, root.resolve("released"))
            .path();
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, float[]> released = new HashMap<>();
    for (Path file : new CheckpointFolder(published).files()) {
      files.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
    }
    for (String file : ModelFiles.weights(published)) {
      released.putAll(Safetensors.readAll(published.resolve(file)));
    }
    assertThat(files).containsKeys("config.json", "tokenizer.json", "model.safetensors.index.json");
    assertThat(files).hasSizeGreaterThan(4);

    Map<String, float[]> read = Safetensors.readAll(weights(imported(files).path()));
    assertThat(read).usingRecursiveComparison().isEqualTo(released);
    exact.forEach(
        (name, values) ->
            assertThat(read.get(name))
                .usingComparatorWithPrecision(0.004f)
                .containsExactly(values));
    assertThat(warnings(files)).isEmpty();
  }

  /** As it is, so that its digest is the pinned one in every checkpoint. */
  @Test
  void aGenerationConfigThatIsPinnedStaysWithTheModel() throws Exception {
    Path config = published.resolve("generation_config.json");
    Files.writeString(config, "{\"temperature\": 0.6}");
    assertThat(imported(pinned()).path().resolve("generation_config.json")).doesNotExist();

    Map<String, String> files = pinned();
    files.put("generation_config.json", Digests.of(config).hex());
    Path imported = imported(files, "with-config", new RecordedEvents()).path();
    assertThat(imported.resolve("generation_config.json")).hasSameBinaryContentAs(config);

    flow.inputs.put("checkpoint", imported);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.MIDTRAIN, MIDTRAIN, "mid", null), events);
    assertThat(events.checkpointAt(4).resolve("generation_config.json"))
        .hasSameBinaryContentAs(config);
  }

  @Test
  void aGenerationConfigThatIsPinnedMustBeThereAsItIsPinned() throws Exception {
    Map<String, String> files = pinned();
    files.put("generation_config.json", "0".repeat(64));
    Path config = published.resolve("generation_config.json");
    assertFails(files, FailureClass.DATA)
        .hasMessage(
            published
                + " has no generation_config.json, which the recipe pins: fetch it, or leave it out"
                + " of 'files'");
    Files.writeString(config, "{}");
    assertFails(files, FailureClass.DATA)
        .hasMessageContaining(config + " has SHA-256 ")
        .hasMessageContaining(" and the recipe wants 000000");
  }

  private List<String> warnings() throws IOException {
    return warnings(pinned());
  }

  private List<String> warnings(Map<String, String> files) throws IOException {
    RecordedEvents events = new RecordedEvents();
    imported(files, "import-" + ++imports, events);
    return events.lines.stream().filter(line -> line.startsWith("warning: ")).toList();
  }

  @Test
  void whatIsAsInTheFlowIsNotSpokenOf() throws Exception {
    assertThat(warnings()).isEmpty();
    Json.write(
        published.resolve("tokenizer_config.json"), TokenizerConfig.of(48, ChatTemplate.JINJA));
    Files.writeString(
        published.resolve("generation_config.json"),
        """
        {"transformers_version": "5.23.0", "do_sample": true, "temperature": 1, "top_p": null,
         "eos_token_id": [2, 0], "pad_token_id": 3}
        """);
    assertThat(warnings()).isEmpty();
  }

  /** In newer folders the template has a file of its own, which counts. */
  @Test
  void anotherChatTemplateIsSpokenOf() throws Exception {
    Path config = published.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"chat_template\": \"{{ messages }}\"}");
    String others =
        " has another chat template than the flow, in which the stages after it write"
            + " conversations: name it in 'files' to go on in it, or train with sft before you talk"
            + " to a release of it";
    assertThat(warnings()).containsExactly("warning: " + config + others);
    Files.writeString(
        config, "{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{ messages }}\"}]}");
    assertThat(warnings()).containsExactly("warning: " + config + others);

    Path own = published.resolve("chat_template.jinja");
    Files.writeString(own, ChatTemplate.JINJA + "\n");
    assertThat(warnings()).isEmpty();
    Files.writeString(own, "{{ messages }}");
    assertThat(warnings()).containsExactly("warning: " + own + others);
  }

  @Test
  void anotherWayToAnswerIsSpokenOf() throws Exception {
    Path config = published.resolve("generation_config.json");
    Files.writeString(
        config, "{\"eos_token_id\": 0, \"pad_token_id\": 3, \"do_sample\": true, \"top_k\": 5}");
    assertThat(warnings())
        .containsExactly(
            "warning: "
                + config
                + " says otherwise of eos_token_id, top_k than a release of this flow"
                + " will: pass what you need of it when you generate");
  }

  @Test
  void ofAPinnedWayToAnswerOnlyWhatNoReleaseSaysIsSpokenOf() throws Exception {
    Path config = published.resolve("generation_config.json");
    Files.writeString(
        config,
        """
        {"do_sample": true, "temperature": 0.6, "top_p": 0.95, "max_new_tokens": 20,
         "eos_token_id": [0, 2], "pad_token_id": 3}
        """);
    Map<String, String> files = pinned();
    files.put("generation_config.json", Digests.of(config).hex());
    assertThat(warnings(files)).isEmpty();
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains(" says otherwise of max_new_tokens, temperature, top_p than a release of this");

    Files.writeString(
        config,
        """
        {"do_sample": true, "temperature": 0, "min_p": 0.1, "top_k": 5, "eos_token_id": [0, 2],
         "pad_token_id": 3}
        """);
    files.put("generation_config.json", Digests.of(config).hex());
    assertThat(warnings(files))
        .singleElement()
        .asString()
        .contains(" says otherwise of min_p, temperature than a release of this flow will");
  }

  @Test
  void aPinnedWayToAnswerThatCannotBeReadIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path config = published.resolve("generation_config.json");
    Files.writeString(config, "{");
    Map<String, String> files = pinned();
    files.put("generation_config.json", Digests.of(config).hex());
    assertThatThrownBy(() -> imported(files))
        .isInstanceOf(TextException.class)
        .hasMessageStartingWith("Cannot read " + config + " as JSON: ");
    assertThat(root.resolve("import")).doesNotExist();
  }

  @Test
  void whatCannotBeReadBesideAModelIsSpokenOfAndStopsNoImport() throws Exception {
    Path config = published.resolve("generation_config.json");
    Files.writeString(config, "{");
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("warning: " + config + " is not looked at, since it cannot be read: ");
  }

  @Test
  void trainingGoesOnFromAnImportedModelWithFreshMoments() throws Exception {
    flow.inputs.put("checkpoint", imported(pinned()).path());
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.MIDTRAIN, MIDTRAIN, "mid", null), events);

    CheckpointFolder trained = new CheckpointFolder(events.checkpointAt(4));
    assertThat(trained.state().path("optimizerSteps").asInt()).isEqualTo(4);
    assertThat(Files.mismatch(weights(trained.path()), weights(published))).isNotNegative();
  }

  @Test
  void aFileThatIsNotThePinnedOneIsRefused() throws Exception {
    Map<String, String> files = pinned();
    files.put("model.safetensors", "0".repeat(64));
    assertFails(files, FailureClass.DATA)
        .hasMessageContaining("model.safetensors has SHA-256 ")
        .hasMessageContaining(" and the recipe wants 000000");
  }

  @Test
  void aFileThatIsNotPinnedIsRefused() throws Exception {
    Map<String, String> files = pinned();
    files.remove("tokenizer.json");
    assertFails(files, FailureClass.RECIPE)
        .hasMessage(
            "stages.import.files is [config.json, model.safetensors]: use also tokenizer.json,"
                + " which is read as well");
  }

  @Test
  void aModelThatIsNotTheRecipesIsRefused() throws Exception {
    Path config = published.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"sliding_window\":8", "\"sliding_window\":9"));
    assertFails(pinned(), FailureClass.RECIPE)
        .hasMessage(
            "model.slidingWindow is 8 in the recipe and 9 in " + published + ": set it to that");
  }

  @Test
  void aTokenizerWithMoreTokensThanTheEmbeddingIsRefused() throws Exception {
    WordCounts words = new WordCounts();
    words.add("the quick, the quick, the quick");
    TokenizerTrainer.train(words, 262).write(published);
    assertFails(pinned(), FailureClass.DATA)
        .hasMessageStartingWith(
            "tokenizer.json has 262 tokens and the model's embedding 260: token 260, '");
  }

  @Test
  void tokensOfAnotherTokenizerAreRefused() throws Exception {
    Path file = published.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file) + "\n");
    flow.inputs.put("checkpoint", imported(pinned()).path());
    assertThatThrownBy(
            () ->
                Stages.run(
                    flow.spec(StageKind.MIDTRAIN, MIDTRAIN, "mid", null), new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining(" were made by the tokenizer ");
  }

  @Test
  void aDamagedFileIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path weights = published.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> imported(pinned()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("model.safetensors is not a whole safetensors file: ");
    assertThat(root.resolve("import")).doesNotExist();
  }

  @Test
  void aWeightThatIsNoNumberIsNamedAndPicklesAreNeverRead() throws Exception {
    BrokenWeights.putNaN(published, "model.norm.weight");
    assertThatThrownBy(() -> imported(pinned()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "model.safetensors has NaN in tensor 'model.norm.weight' at value 3");

    Map<String, String> files = pinned();
    files.remove("model.safetensors");
    Files.move(weights(published), published.resolve("pytorch_model.bin"));
    files.put("pytorch_model.bin", Digests.of(published.resolve("pytorch_model.bin")).hex());
    assertThatThrownBy(() -> imported(files))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("pytorch_model.bin is a pickle");
    assertThat(root.resolve("import")).doesNotExist();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      Map<String, String> files, FailureClass failureClass) {
    return assertThatThrownBy(() -> imported(files))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(failureClass));
  }
}
