package dev.modelflow.release;

import static dev.modelflow.release.Audits.stage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.audit.ArtifactAudit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ModelCardTest {
  private static final Map<String, Object> IMPORT =
      Map.of(
          "folder",
          "/models/olmo",
          "files",
          List.of(Map.of("name", "config.json", "sha256", "2".repeat(64))));

  private static String card(ArtifactAudit audit) {
    return card("{}", audit);
  }

  private static String card(String config, ArtifactAudit audit) {
    return ModelCard.write(
        ReleaseParameters.of(Map.of("title", "tiny", "licence", "Apache-2.0")),
        Architecture.of(JsonMapper.shared().readTree(config)),
        new Chats(Path.of("tuned")),
        audit);
  }

  @Test
  void namesStagesDataLicencesAndEvaluations() {
    assertThat(card(Audits.pretrained()))
        .contains("# tiny\n")
        .contains("license: apache-2.0\n")
        .contains("| needles | accuracy | 0.8500 | 0.0357 | 100 |")
        .contains("| pretrain | pretrain | 20 | `abc` | learningRate 0.003, steps 1200 |")
        .contains("| glosses | org.example:texts:1.0 | WordNet-3.1 | `" + "1".repeat(64) + "` |");
  }

  @Test
  void saysWhatLoadsAModelWithExperts() {
    assertThat(card(Audits.pretrained()))
        .contains("A small language model of Olmo 3's architecture, made by Modelflow.")
        .contains("library_name: transformers\n", "AutoModelForCausalLM");
    String sparse = "{\"model_type\": \"%s\", \"num_experts\": 8, \"num_experts_per_tok\": 2}";
    assertThat(card(sparse.formatted("flex_olmo"), Audits.pretrained()))
        .contains("architecture with 8 experts a block, 2 of them for each token, made by")
        .contains("AutoModelForCausalLM");
    assertThat(card(sparse.formatted("modelflow_olmo3_moe"), Audits.pretrained()))
        .contains("Modelflow alone loads it.")
        .doesNotContain("library_name", "AutoModelForCausalLM");
  }

  private static Map<String, Object> named(String model) {
    Map<String, Object> parameters = new TreeMap<>(IMPORT);
    parameters.put("model", model);
    return parameters;
  }

  /** Of an import and an sft that reads of it what {@code role} says. */
  private static ArtifactAudit tuned(Map<String, Object> imported, String role) {
    return Audits.of(
        stage("import", "import", imported, Map.of(), Map.of("checkpoint", "a1")),
        stage("sft", "sft", Map.of("steps", 64), Map.of(role, "a1"), Map.of("checkpoint", "b2")));
  }

  @Test
  void ofATunedModelNamesTheOneThatItGoesOnFrom() {
    assertThat(card(tuned(named("allenai/Olmo-3-7B-Instruct"), "checkpoint")))
        .contains("pipeline_tag: text-generation\nbase_model: allenai/Olmo-3-7B-Instruct\n---\n")
        .contains("\nA language model of Olmo 3's architecture, made by Modelflow from ")
        .contains("from `allenai/Olmo-3-7B-Instruct`. It is the checkpoint")
        .contains("The model goes on from `allenai/Olmo-3-7B-Instruct` and may have every limit")
        .contains("| import | import | 20 | `abc` | model allenai/Olmo-3-7B-Instruct |")
        .doesNotContain("/models/olmo", "knows next to nothing", "small");
    assertThat(card(tuned(IMPORT, "checkpoint.2")))
        .contains("made by Modelflow from an imported model. It is the checkpoint")
        .doesNotContain("base_model", "/models/olmo", "knows next to nothing");
  }

  @Test
  void aModelThatLentOnlyItsTokenizerIsNoBase() {
    assertThat(card(tuned(named("allenai/Olmo-3-7B-Instruct"), "tokenizer")))
        .contains("A small language model of Olmo 3's architecture, made by Modelflow. It is")
        .contains("knows next to nothing")
        .doesNotContain("base_model");
  }

  @Test
  void speaksOfSyntheticTextsWhereAStageMadeThem() {
    assertThat(card(Audits.pretrained())).doesNotContain("Synthetic");
    assertThat(card(Audits.of(stage("questions", "synthesize", Map.of(), Map.of(), Map.of()))))
        .contains("Synthetic texts and questions were made by the stage `questions` (CC0-1.0).\n");
  }

  @Test
  void aSourceWithoutALicenceHasNone() {
    Map<String, Object> source =
        Map.of("name", "import", "artifact", "config.json", "sha256", "2".repeat(64));
    assertThat(card(Audits.ofSource(source)))
        .contains("| import | config.json | not stated | `" + "2".repeat(64) + "` |");
  }
}
