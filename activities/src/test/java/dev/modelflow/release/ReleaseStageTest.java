package dev.modelflow.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Json;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.TensorFiles;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseStageTest {
  private static final Map<String, Object> PARAMETERS =
      Map.of("title", "tiny", "licence", "Apache-2.0");

  @TempDir Path folder;
  private Path checkpoint = Path.of(".");

  @BeforeEach
  void writeCheckpoint() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Safetensors.write(checkpoint.resolve("model.safetensors"), tensors());
    Files.writeString(
        checkpoint.resolve("config.json"),
        "{\"dtype\":\"float32\",\"max_position_embeddings\":512,\"rms_norm_eps\":1.0E-6}\n");
    TokenizerTrainer.train(new WordCounts(), 260).write(checkpoint);
    Files.writeString(checkpoint.resolve("optimizer.safetensors"), "not released");
  }

  /** Two of 1,200,000 bytes in float32, of values that bf16 does not hold. */
  private static Map<Shape, float[]> tensors() {
    Map<Shape, float[]> tensors = new LinkedHashMap<>();
    for (String name : List.of("first", "second")) {
      float[] values = new float[300_000];
      Arrays.fill(values, 1.001f);
      tensors.put(new Shape(name, List.of(300L, 1000L)), values);
    }
    return tensors;
  }

  @Test
  void holdsWhatOthersNeedToLoadTheModel() throws IOException {
    Path release = release();
    try (var files = Files.list(release)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "README.md",
              "audit.json",
              "config.json",
              "generation_config.json",
              "model.safetensors",
              "tokenizer.json",
              "tokenizer_config.json");
    }
    for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
      assertThat(release.resolve(file)).hasSameBinaryContentAs(checkpoint.resolve(file));
    }
    assertThat(Json.read(release.resolve("tokenizer_config.json")).path("chat_template").asString())
        .contains("<|im_start|>");
    assertThat(Json.read(release.resolve("tokenizer_config.json")).path("model_max_length").asInt())
        .isEqualTo(512);
    assertThat(Json.read(release.resolve("tokenizer_config.json")).path("eos_token").asString())
        .isEqualTo("<|endoftext|>");
    assertThat(release.resolve("README.md")).content().contains("# tiny\n", "| glosses |");
  }

  /** No stage has shown the model the flow's format. */
  @Test
  void anImportThatNoStageTunedHasNoTemplate() throws IOException {
    Path release = release(Audits.chain("import", "midtrain"));
    assertThat(Json.read(release.resolve("tokenizer_config.json")).has("chat_template")).isFalse();
    assertThat(Files.readString(release.resolve("README.md")))
        .contains("The folder has no chat template: the model was imported,")
        .contains("Its own, if it has one, was not taken over");
  }

  @Test
  void aModelThatTookItsTokenizerAloneFromAnImportHasTheFlowsTemplate() throws IOException {
    AuditedStage imported =
        Audits.stage(
            "import", "import", Map.of(), Map.of(), Map.of("checkpoint", "a", "tokenizer", "b"));
    AuditedStage pretrained =
        Audits.stage("pretrain", "pretrain", Map.of(), Map.of("tokenizer", "b"), Map.of());
    assertThat(release(Audits.of(imported, pretrained)).resolve("tokenizer_config.json"))
        .content()
        .contains("chat_template");
  }

  @Test
  void anImportThatWasTunedHasTheFlowsTemplate() throws IOException {
    Path release = release(Audits.chain("import", "sft"));
    assertThat(Json.read(release.resolve("tokenizer_config.json")).path("chat_template").asString())
        .isEqualTo(ChatTemplate.JINJA);
    assertThat(Files.readString(release.resolve("README.md"))).doesNotContain("chat template");
  }

  /** Every stage since has written conversations in it. */
  @Test
  void aTemplateThatAnImportTookOverIsTheReleases() throws IOException {
    Path own = checkpoint.resolve("chat_template.jinja");
    Files.writeString(own, "{{ bos_token }}\r\n");
    Files.writeString(
        checkpoint.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<|endoftext|>\", \"chat_template\": \"older\", \"x\": 1}");
    Path release = release(Audits.chain("import", "sft"));
    assertThat(release.resolve("chat_template.jinja")).hasSameBinaryContentAs(own);
    assertThat(Json.read(release.resolve("tokenizer_config.json")).toString())
        .contains("\"bos_token\":\"<|endoftext|>\"", "\"model_max_length\":512")
        .doesNotContain("chat_template", "\"x\"");
    assertThat(Files.readString(release.resolve("README.md"))).doesNotContain("chat template");
  }

  /** Training wrote nothing in its place, so that who reads the release is not to write one. */
  @Test
  void aTokenThatATemplateAsksForAndTheModelHasNotIsNotTheReleases() throws IOException {
    Files.writeString(checkpoint.resolve("chat_template.jinja"), "{{ eos_token }}");
    Files.writeString(checkpoint.resolve("tokenizer_config.json"), "{\"eos_token\": null}");
    Path release = release(Audits.chain("import", "sft"));
    assertThat(Json.read(release.resolve("tokenizer_config.json")).toString())
        .contains("\"eos_token\":null", "\"pad_token\":\"<|pad|>\"");
  }

  @Test
  void aTemplateInATokenizerConfigStaysThere() throws IOException {
    Files.writeString(
        checkpoint.resolve("tokenizer_config.json"), "{\"chat_template\": \"{{ 1 }}\\n\"}");
    Path release = release(Audits.chain("import", "midtrain"));
    assertThat(Json.read(release.resolve("tokenizer_config.json")).path("chat_template").asString())
        .isEqualTo("{{ 1 }}\n");
    assertThat(release.resolve("chat_template.jinja")).doesNotExist();
  }

  /**
   * The engine's own answers end with a text or with a message; all tokens may be drawn, and half
   * of the context may be said.
   */
  @Test
  void saysHowAnswersAreDrawnAndWhatEndsThem() throws IOException {
    assertThat(generation())
        .isEqualTo(
            """
            {"do_sample":true,"temperature":1.0,"top_k":0,"top_p":1.0,"max_new_tokens":256,\
            "eos_token_id":[0,2],"pad_token_id":3}""");
  }

  @Test
  void answersAreDrawnAsTheImportedModelsWhereAnImportTookThatOver() throws IOException {
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        """
        {"temperature": 0.6, "top_p": 0.95, "max_new_tokens": 32768, "repetition_penalty": 1.1,
         "eos_token_id": 99, "num_beams": 4, "transformers_version": "4.57.0"}
        """);
    assertThat(generation())
        .isEqualTo(
            """
            {"do_sample":true,"temperature":0.6,"top_k":0,"top_p":0.95,"max_new_tokens":32768,\
            "repetition_penalty":1.1,"eos_token_id":[0,2],"pad_token_id":3}""");
  }

  private String generation() {
    return Json.read(release().resolve("generation_config.json")).toString();
  }

  @Test
  void theAuditHoldsNothingThatDiffersBetweenEqualRuns() throws IOException {
    assertThat(Files.readString(release().resolve("audit.json")))
        .contains("learningRate")
        .doesNotContain("run-1")
        .doesNotContain("2026-11-23");
  }

  @Test
  void saysWhatACheckpointLacks() throws IOException {
    Files.delete(checkpoint.resolve("tokenizer.json"));
    assertThatThrownBy(this::release)
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("The checkpoint has no tokenizer.json");
  }

  @Test
  void inBf16ItIsHalfAsLargeAndSaysSo() throws IOException {
    Path release = release(Map.of("dtype", "bf16"));
    assertThat(Files.size(release.resolve("model.safetensors"))).isBetween(1_200_000L, 1_201_000L);
    for (float[] values : TensorFiles.read(release.resolve("model.safetensors")).values()) {
      assertThat(values).hasSize(300_000).containsOnly(1.0f);
    }
    assertThat(release.resolve("config.json"))
        .hasContent(
            "{\"dtype\":\"bfloat16\",\"max_position_embeddings\":512,\"rms_norm_eps\":1.0E-6}\n");
  }

  @Test
  void whatIsTooLargeForOneFileIsInSeveral() throws IOException {
    Path release = release(Map.of("shardBytes", 2_000_000L));
    assertThat(release.resolve("model.safetensors")).doesNotExist();
    assertThat(ModelFiles.names(release))
        .containsExactly(
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors");
    assertThat(release.resolve("config.json"))
        .hasSameBinaryContentAs(checkpoint.resolve("config.json"));
  }

  /** Other trainers may leave such a checkpoint: its values are what its config says. */
  @Test
  void aCheckpointInSeveralFilesAndBf16IsReleasedInFloat32() throws IOException {
    Path several = release(Map.of("shardBytes", 1_000_000L, "dtype", "bf16"));
    Files.delete(checkpoint.resolve("model.safetensors"));
    for (String file : ModelFiles.names(several)) {
      Files.copy(several.resolve(file), checkpoint.resolve(file));
    }
    Path release = release(Map.of(), folder.resolve("again"));
    assertThat(Files.size(release.resolve("model.safetensors"))).isGreaterThan(2_400_000);
    assertThat(TensorFiles.read(release.resolve("model.safetensors")))
        .hasSize(2)
        .allSatisfy((_, values) -> assertThat(values).containsOnly(1.0f));
  }

  @Test
  void saysThatWeightsAreDamaged() throws IOException {
    Files.write(checkpoint.resolve("model.safetensors"), new byte[] {1, 2, 3});
    assertThatThrownBy(this::release)
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("model.safetensors is not a whole safetensors file");
  }

  private Path release() {
    return release(Map.of());
  }

  private Path release(Map<String, Object> keys) {
    return release(keys, folder.resolve("output"));
  }

  private Path release(Map<String, Object> keys, Path output) {
    return release(keys, Audits.pretrained(), output);
  }

  private Path release(ArtifactAudit audit) {
    return release(Map.of(), audit, folder.resolve("output"));
  }

  private Path release(Map<String, Object> keys, ArtifactAudit audit, Path output) {
    Map<String, Object> parameters = new HashMap<>(PARAMETERS);
    parameters.putAll(keys);
    Map<String, StageOutput> outputs = ReleaseStage.run(parameters, checkpoint, audit, output);
    return Objects.requireNonNull(outputs.get("release")).folder();
  }
}
