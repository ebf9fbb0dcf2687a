package dev.modelflow.engine.gguf;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.WeightFiles;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.stage.ToyRelease;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import dev.modelflow.text.TokenizerConfig;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** The parity lane reads such files with llama.cpp's own reader and compares every value. */
class GgufExportTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 32, 4, 48, 260, 16, 4, 10_000, null).extended(4).withKeyValueHeads(2);

  @TempDir private Path root;
  private CheckpointFolder checkpoint;

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @BeforeEach
  void write() throws IOException {
    write(MODEL);
  }

  private void write(ModelConfig model) throws IOException {
    checkpoint = new CheckpointFolder(root.resolve("checkpoint"));
    ParameterLayout layout = new ParameterLayout(model);
    try (Parameters weights =
        Parameters.initialized(layout, new Initialization(0.5, 0.3, 0.7), 3)) {
      distinct(weights);
      Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
      checkpoint.write(model, weights, null, tokenizer, JsonMapper.shared().createObjectNode());
    }
  }

  /** No two weights are alike, norms among them, which begin as constants. */
  private static void distinct(Parameters weights) {
    Random random = new Random(5);
    for (Entry entry : weights.layout().entries()) {
      float[] values = new float[(int) entry.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      weights.write(entry, Range.of(entry.size()), values);
    }
  }

  private byte[] exported(GgufType type) throws IOException {
    Path file = root.resolve("model.gguf");
    GgufExport.write(checkpoint, "Toy", type, file);
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void everyTensorHasItsPlace(GgufType type) throws IOException {
    byte[] bytes = exported(type);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(bytes, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("GGUF");
    assertThat(file.getInt(4)).isEqualTo(3);
    assertThat(file.getLong(8)).isEqualTo(5 * 11 + 3);
    assertThat(bytes.length % 32).isZero();
    assertThat(exported(type)).isEqualTo(bytes);
  }

  /** Names of llama.cpp's constants.py, for {@code olmo2}, and whose values they hold. */
  private static final Map<String, String> PLACES =
      Map.ofEntries(
          Map.entry("token_embd", "model.embed_tokens"),
          Map.entry("output_norm", "model.norm"),
          Map.entry("output", "lm_head"),
          Map.entry("blk.%d.attn_q", "model.layers.%d.self_attn.q_proj"),
          Map.entry("blk.%d.attn_k", "model.layers.%d.self_attn.k_proj"),
          Map.entry("blk.%d.attn_v", "model.layers.%d.self_attn.v_proj"),
          Map.entry("blk.%d.attn_output", "model.layers.%d.self_attn.o_proj"),
          Map.entry("blk.%d.attn_q_norm", "model.layers.%d.self_attn.q_norm"),
          Map.entry("blk.%d.attn_k_norm", "model.layers.%d.self_attn.k_norm"),
          Map.entry("blk.%d.post_attention_norm", "model.layers.%d.post_attention_layernorm"),
          Map.entry("blk.%d.ffn_gate", "model.layers.%d.mlp.gate_proj"),
          Map.entry("blk.%d.ffn_up", "model.layers.%d.mlp.up_proj"),
          Map.entry("blk.%d.ffn_down", "model.layers.%d.mlp.down_proj"),
          Map.entry("blk.%d.post_ffw_norm", "model.layers.%d.post_feedforward_layernorm"));

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void everyTensorHoldsTheValuesOfItsWeight(GgufType type) throws IOException {
    Map<String, float[]> written = GgufFile.read(exported(type));
    Map<String, float[]> weights = TensorFiles.read(checkpoint.path().resolve("model.safetensors"));
    Set<String> compared = new HashSet<>();
    for (int layer = 0; layer < MODEL.layers(); layer++) {
      for (Map.Entry<String, String> place : PLACES.entrySet()) {
        String name = place.getKey().formatted(layer) + ".weight";
        String weight = place.getValue().formatted(layer) + ".weight";
        assertHolds(type, name, written.get(name), weights.get(weight));
        compared.add(name);
      }
    }
    assertThat(written.keySet()).isEqualTo(compared);
  }

  /** Of values that are at most 1: half of the last bit that a type has, or of a block's step. */
  private static void assertHolds(
      GgufType type, String name, float @Nullable [] written, float @Nullable [] expected) {
    float rounding =
        switch (type) {
          case F32 -> 0;
          case F16 -> 0x1.01p-12f;
          case BF16 -> 0x1.01p-9f;
          case Q8_0 -> 0.0045f;
        };
    float within = name.contains("norm") ? 0 : rounding;
    assertThat(written).as(name).containsExactly(Objects.requireNonNull(expected), within(within));
  }

  /** In bf16 and in several files. */
  @Test
  void aReleaseIsExportedAsTheCheckpointThatHasItsValues() throws IOException {
    CheckpointFolder release = ToyRelease.rounded(checkpoint, 20_000, root.resolve("released"));
    checkpoint = new CheckpointFolder(root.resolve("rounded"));
    try (WeightFiles weights = release.weights()) {
      checkpoint.write(MODEL, weights, release.tokenizer(), JsonMapper.shared().createObjectNode());
    }
    byte[] exported = exported(GgufType.F32);
    checkpoint = release;
    assertThat(exported(GgufType.F32)).isEqualTo(exported);
  }

  @Test
  void namesAndKeysAreLlamaCpps() throws IOException {
    String text = new String(exported(GgufType.F32), StandardCharsets.ISO_8859_1);
    assertThat(text)
        .contains("general.architecture", "olmo2.attention.sliding_window_pattern")
        .contains("olmo2.rope.scaling.original_context_length", "tokenizer.ggml.tokens")
        .contains("blk.4.post_ffw_norm.weight", "blk.0.attn_k_norm.weight", "output.weight")
        .doesNotContain("rope.scaling.attn_factor", "self_attn");
  }

  /** Without it, llama.cpp begins templates with the token 11. */
  @Test
  void aTextBeginsWithWhatEndsOne() throws IOException {
    assertThat(number("tokenizer.ggml.bos_token_id")).isZero();
    assertThat(number("tokenizer.ggml.eos_token_id")).isZero();
  }

  @Test
  void answersAreDrawnAsTheModelSays() throws IOException {
    assertThat(new String(exported(GgufType.F32), StandardCharsets.ISO_8859_1))
        .doesNotContain("general.sampling.");

    Path config = checkpoint.path().resolve("generation_config.json");
    Files.writeString(config, "{\"temperature\": 0.5, \"top_p\": 0.75, \"top_k\": 7}");
    assertThat(Float.intBitsToFloat(number("general.sampling.temp"))).isEqualTo(0.5f);
    assertThat(Float.intBitsToFloat(number("general.sampling.top_p"))).isEqualTo(0.75f);
    assertThat(number("general.sampling.top_k")).isEqualTo(7);
    assertThat(number("general.sampling.min_p")).isZero();

    Files.writeString(config, "{\"do_sample\": false, \"temperature\": 0.5}");
    assertThat(number("general.sampling.temp")).isZero();
  }

  /** The four bytes behind a key and its type. */
  private int number(String key) throws IOException {
    byte[] bytes = exported(GgufType.F32);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(key);
    assertThat(at).as(key).isPositive();
    return ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(at + key.length() + Integer.BYTES);
  }

  @Test
  void aFoldersOwnChatTemplateIsItsTemplate() throws IOException {
    String key = "tokenizer.chat_template";
    assertThat(metadata()).contains(key, ChatTemplate.JINJA);

    Path config = checkpoint.path().resolve(TokenizerConfig.FILE);
    Files.writeString(config, "{\"chat_template\": \"{{ 'of the config' }}\"}");
    assertThat(metadata()).contains(key, "{{ 'of the config' }}").doesNotContain("im_start|>' +");
    Path own = checkpoint.path().resolve(TemplateFile.NAME);
    Files.writeString(own, "{{ 'of its own' }}\n");
    assertThat(metadata()).contains(key, "{{ 'of its own' }}\n").doesNotContain("config");

    Files.delete(own);
    Files.writeString(config, "{}");
    assertThat(metadata()).doesNotContain(key);
  }

  @Test
  void ofSeveralChatTemplatesTheDefaultCounts() throws IOException {
    Path config = checkpoint.path().resolve(TokenizerConfig.FILE);
    String named = "{\"name\": \"%s\", \"template\": \"{{ '%s' }}\"}";
    String tools = named.formatted("tool_use", "of tools");
    String usual = named.formatted("default", "as usual");
    Files.writeString(config, "{\"chat_template\": [%s, %s]}".formatted(tools, usual));
    assertThat(metadata()).contains("{{ 'as usual' }}").doesNotContain("of tools");
    Files.writeString(config, "{\"chat_template\": [%s]}".formatted(tools));
    assertThatThrownBy(this::metadata)
        .isInstanceOf(TextException.class)
        .hasMessage(
            config
                + " has several chat templates and none of the name 'default': keep the one that"
                + " the model was tuned with");
  }

  private String metadata() throws IOException {
    return new String(exported(GgufType.F32), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aTiedHeadIsWrittenAsAMatrixOfItsOwn() throws IOException {
    write(withTiedHead(MODEL));
    byte[] bytes = exported(GgufType.F16);
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(8))
        .isEqualTo(5 * 11 + 3);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("output.weight");
  }

  @Test
  void headsThatLlamaCppDoesNotKnowAreRefused() throws IOException {
    write(withHeadSize(MODEL, 16));
    assertThatThrownBy(() -> exported(GgufType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "The model's 4 heads of size 16 do not share its width of 32: llama.cpp knows no such"
                + " olmo2");
  }

  @Test
  void aSparseModelIsRefused() throws IOException {
    write(MODEL.withExperts(new Experts(4, 2, 0.01, 0.001)));
    assertThatThrownBy(() -> exported(GgufType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "The model has 4 experts a block: llama.cpp knows no Olmo 2 or 3 with experts, so a"
                + " sparse model stays in Hugging Face's layout");
  }

  @Test
  void aTokenizerWithMoreTokensThanTheEmbeddingIsRefused() throws IOException {
    WordCounts words = new WordCounts();
    words.add("the quick, the quick, the quick");
    TokenizerTrainer.train(words, 262).write(checkpoint.path());
    assertThatThrownBy(() -> exported(GgufType.F32))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("tokenizer.json has 262 tokens and the model's embedding 260: ");
    assertThat(root.resolve("model.gguf")).doesNotExist();
  }
}
