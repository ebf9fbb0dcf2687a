package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenJson;
import dev.modelflow.engine.gguf.GgufExport;
import dev.modelflow.engine.gguf.GgufType;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Dolma2;
import dev.modelflow.text.Message;
import dev.modelflow.text.TextException;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A flow that begins with a model of the size of a thumb and the tokenizer of Olmo 3 Instruct. */
class PublishedTokenizerTest {
  private static final ModelConfig MODEL =
      new ModelConfig(2, 8, 2, 12, 100_352, 32, 8, 500_000, null);

  @TempDir private Path root;
  private final Map<String, Path> inputs = new LinkedHashMap<>();
  private Path published;

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @BeforeEach
  void publish() throws IOException {
    published = root.resolve("published");
    Path tokenizer = Dolma2.write(Files.createDirectories(root.resolve("tokenizer")));
    Files.writeString(
        tokenizer,
        Files.readString(tokenizer)
            .replace("<|extra_id_1|>", "<functions>")
            .replace("<|extra_id_2|>", "</functions>"));
    try (Parameters weights =
        Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.7), 3)) {
      new CheckpointFolder(published)
          .write(MODEL, weights, null, tokenizer, JsonMapper.shared().createObjectNode());
    }
    Files.delete(published.resolve("trainer_state.json"));
  }

  private StageSpec spec(StageKind kind, String parameters) {
    JsonMapper json = JsonMapper.shared();
    Map<String, Object> given = json.readValue(parameters, new TypeReference<>() {});
    Settings settings =
        new Settings(kind.word(), json.valueToTree(Defaults.fill(kind, MODEL.context(), given)));
    return new StageSpec(
        kind.word(), kind, 20, MODEL, settings, inputs, null, root.resolve(kind.word()), 2);
  }

  private Map<String, StageResult.Output> imported() throws IOException {
    List<Map<String, String>> files = new ArrayList<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      files.add(Map.of("name", file, "sha256", Digests.of(published.resolve(file)).hex()));
    }
    String parameters =
        JsonMapper.shared()
            .writeValueAsString(Map.of("folder", published.toString(), "files", files));
    StageResult result = Stages.run(spec(StageKind.IMPORT, parameters), new RecordedEvents());
    return ((StageResult.Done) result).outputs();
  }

  private static Path path(Map<String, StageResult.Output> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name)).path();
  }

  private Path tokenSet(Path tokenizerFolder) throws IOException {
    Path folder = Files.createDirectories(root.resolve("tokens"));
    Tokenizer tokenizer = Tokenizer.read(tokenizerFolder);
    String digest = Digests.of(tokenizerFolder.resolve(Tokenizer.FILE)).hex();
    try (TokenSetWriter writer = new TokenSetWriter(folder, digest, tokenizer)) {
      for (int i = 0; i < 30; i++) {
        writer.add("d" + i, "words", tokenizer.encode("The quick fox, " + i + " times."), 20);
      }
    }
    return folder;
  }

  @Test
  void laterStagesGoOnInItsTokens() throws Exception {
    Map<String, StageResult.Output> outputs = imported();
    Path tokenizer = path(outputs, "tokenizer");
    assertThat(Tokenizer.read(tokenizer).encode("<functions>")).containsExactly(100_266);
    assertThat(tokenizer.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(published.resolve("tokenizer.json"));
    inputs.put("checkpoint", path(outputs, "checkpoint"));
    inputs.put("tokenizer", tokenizer);
    inputs.put("tokens.words", tokenSet(tokenizer));
    RecordedEvents events = new RecordedEvents();
    Stages.run(
        spec(
            StageKind.MIDTRAIN,
            """
            {"mix": {"words": 1}, "steps": 2, "rows": 2, "learningRate": 0.01}
            """),
        events);
    CheckpointFolder midtrained = new CheckpointFolder(events.checkpointAt(2));
    assertThat(Files.readString(midtrained.path().resolve("config.json")))
        .contains("\"eos_token_id\":100257", "\"pad_token_id\":100277");

    inputs.put("checkpoint", midtrained.path());
    inputs.put("conversations", conversations());
    RecordedEvents tuned = new RecordedEvents();
    Stages.run(
        spec(
            StageKind.SFT,
            """
            {"steps": 2, "rows": 2, "learningRate": 0.01}
            """),
        tuned);
    List<Seen> seen =
        SeenJson.read(new CheckpointFolder(tuned.checkpointAt(2)).state().path(SeenJson.KEY));
    assertThat(seen).hasSize(1).first().extracting(Seen::steps).isEqualTo(2);
  }

  private Path conversations() throws IOException {
    Path folder = Files.createDirectories(root.resolve("conversations"));
    Conversation.writeAll(
        folder,
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    new Conversation(
                        "c" + i, List.of(Message.user("Say " + i), Message.assistant("" + i)))));
    return folder;
  }

  @Test
  void llamaCppIsToldItsCutAndItsTokens() throws Exception {
    Path file = root.resolve("model.gguf");
    GgufExport.write(new CheckpointFolder(published), "Toy", GgufType.BF16, file);
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .contains("dbrx", "<functions>", "[PAD100278]", "[PAD100351]")
        .doesNotContain("[PAD100277]");
  }

  @Test
  void aTokenizerThatIsNotComputedExactlyIsRefused() throws Exception {
    Path file = published.resolve("tokenizer.json");
    Files.writeString(
        file,
        Files.readString(file).replace("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}"));
    assertThatThrownBy(this::imported)
        .isInstanceOf(TextException.class)
        .hasMessageEndingWith("has the normalizer NFC: only those without one can be read");
  }
}
