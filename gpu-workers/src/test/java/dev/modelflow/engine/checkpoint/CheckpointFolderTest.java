package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class CheckpointFolderTest {
  private static final ModelConfig MODEL =
      new ModelConfig(2, 8, 2, 12, 20, 16, 4, 10_000, null).withKeyValueHeads(1);

  @TempDir private Path root;
  private Parameters weights;
  private Parameters read;
  private CheckpointFolder checkpoint;

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @BeforeEach
  void write() throws IOException {
    ParameterLayout layout = new ParameterLayout(MODEL);
    weights = Parameters.initialized(layout, new Initialization(0.5, 0.3, 0.7), 3);
    read = new Parameters(layout);
    checkpoint = new CheckpointFolder(root.resolve("checkpoint"));
    Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
    checkpoint.write(MODEL, weights, null, tokenizer, JsonMapper.shared().createObjectNode());
  }

  @AfterEach
  void free() {
    weights.close();
    read.close();
  }

  private Path file(String name) {
    return checkpoint.path().resolve(name);
  }

  private Map<String, float[]> tensors() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    weights.layout().entries().forEach(entry -> tensors.put(entry.name(), weights.read(entry)));
    return tensors;
  }

  /** Writes these tensors; those of the model keep their shape. */
  private void write(String name, Map<String, float[]> tensors) throws IOException {
    Map<Shape, float[]> shaped = new LinkedHashMap<>();
    tensors.forEach(
        (tensor, values) -> shaped.put(new Shape(tensor, extents(tensor, values)), values));
    Safetensors.write(file(name), shaped);
  }

  private List<Long> extents(String tensor, float[] values) {
    return weights.layout().entries().stream()
        .filter(entry -> entry.name().equals(tensor) && entry.size() == values.length)
        .map(Entry::shape)
        .findFirst()
        .orElse(List.of((long) values.length));
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> checkpoint.readWeights(read))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(message);
  }

  @Test
  void aModelWithoutAnOptimizerIsReadAsItWasWritten() throws IOException {
    assertThat(checkpoint.model()).isEqualTo(MODEL);
    assertThat(checkpoint.hasOptimizer()).isFalse();
    checkpoint.readWeights(read);
    assertSameWeights();
  }

  private void assertSameWeights() {
    for (Entry entry : weights.layout().entries()) {
      assertThat(read.read(entry)).as(entry.name()).isEqualTo(weights.read(entry));
    }
  }

  @Test
  void severalFilesAreReadByTheirIndex() throws IOException {
    Map<String, float[]> first = tensors();
    Map<String, float[]> second = new LinkedHashMap<>();
    for (String name : List.of("model.norm.weight", "lm_head.weight")) {
      second.put(name, weights.read(weights.layout().entry(name)));
      first.remove(name);
    }
    write("model-00001-of-00002.safetensors", first);
    write("model-00002-of-00002.safetensors", second);
    Files.delete(file("model.safetensors"));
    index("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    checkpoint.readWeights(read);
    assertSameWeights();

    second.put("model.embed_tokens.weight", new float[1]);
    write("model-00002-of-00002.safetensors", second);
    assertRefused(
        "model.safetensors.index.json names two files that have tensor 'model.embed_tokens.weight':"
            + " they are of different models");

    Files.delete(file("model-00002-of-00002.safetensors"));
    assertRefused(
        "model.safetensors.index.json names file 'model-00002-of-00002.safetensors', which is not"
            + " there: fetch it");
    index("../elsewhere.safetensors");
    assertRefused(
        "model.safetensors.index.json names file '../elsewhere.safetensors' for tensor 't0': expected"
            + " a safetensors file beside it");
  }

  private void index(String... files) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (String file : files) {
      map.put("t" + map.size(), file);
    }
    Files.writeString(
        file("model.safetensors.index.json"),
        JsonMapper.shared().writeValueAsString(Map.of("weight_map", map)));
  }

  @Test
  void aWeightThatIsNotANumberIsNamed() throws IOException {
    Map<String, float[]> tensors = tensors();
    float[] norm = weights.read(weights.layout().entry("model.norm.weight"));
    norm[5] = Float.NaN;
    tensors.put("model.norm.weight", norm);
    write("model.safetensors", tensors);
    assertRefused(
        "model.safetensors has NaN in tensor 'model.norm.weight' at value 5: use a checkpoint from"
            + " before its training broke");
  }

  @Test
  void aTensorOfAnotherShapeIsNamed() throws IOException {
    Map<String, float[]> tensors = tensors();
    tensors.put("model.layers.1.self_attn.k_proj.weight", new float[64]);
    write("model.safetensors", tensors);
    assertRefused(
        "model.safetensors has tensor 'model.layers.1.self_attn.k_proj.weight' of shape [64], but"
            + " config.json makes it [4, 8]: use files of one model");
  }

  @Test
  void aTensorThatIsMissingIsNamed() throws IOException {
    Map<String, float[]> tensors = tensors();
    tensors.remove("lm_head.weight");
    write("model.safetensors", tensors);
    assertRefused(
        "model.safetensors has no tensor 'lm_head.weight', which the model of config.json needs:"
            + " use files of one model");
  }

  @Test
  void aTensorThatHasNoPlaceIsNamed() throws IOException {
    Map<String, float[]> tensors = tensors();
    tensors.put("model.layers.0.input_layernorm.weight", new float[8]);
    write("model.safetensors", tensors);
    assertRefused(
        "model.safetensors has tensor 'model.layers.0.input_layernorm.weight', for which the model"
            + " of config.json has no place: use files of one model");
  }

  @Test
  void picklesAreNeverRead() throws IOException {
    Files.delete(file("model.safetensors"));
    Files.writeString(file("pytorch_model.bin"), "anything");
    assertRefused(
        "pytorch_model.bin is a pickle, which could run any code and is never read: convert it to"
            + " model.safetensors");
    Files.delete(file("pytorch_model.bin"));
    assertRefused(
        checkpoint.path()
            + " has neither model.safetensors nor model.safetensors.index.json: is it the right"
            + " folder?");
  }

  @Test
  void aConfigThatIsNoJsonIsRefused() throws IOException {
    Files.writeString(file("config.json"), "{\"a\":");
    assertThatThrownBy(() -> checkpoint.model())
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("config.json is not JSON: ");
    Files.delete(file("config.json"));
    assertThatThrownBy(() -> checkpoint.model())
        .hasMessage(checkpoint.path() + " has no config.json: is it the right folder?");
  }

  @Test
  void aStateThatIsNoObjectIsRefused() throws IOException {
    Files.writeString(file("trainer_state.json"), "[]");
    assertThatThrownBy(() -> checkpoint.state())
        .isInstanceOf(CheckpointException.class)
        .hasMessage("trainer_state.json is no JSON object: use another checkpoint");
  }
}
