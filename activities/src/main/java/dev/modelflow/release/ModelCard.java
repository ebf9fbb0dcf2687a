package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.ArtifactAudit.AuditedScore;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.StageKind;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The release's {@code README.md}: what the model is, how it was made and from what, and how good
 * it is, after Mitchell et al. 2019 and Hugging Face's model cards. Every fact is from the audit.
 */
final class ModelCard {
  private final ReleaseParameters release;
  private final Architecture architecture;
  private final Chats chats;
  private final ArtifactAudit audit;
  private final List<AuditedStage> imports;
  private final List<String> baseModels;
  private final StringBuilder out = new StringBuilder();

  private ModelCard(
      ReleaseParameters release, Architecture architecture, Chats chats, ArtifactAudit audit) {
    this.release = release;
    this.architecture = architecture;
    this.chats = chats;
    this.audit = audit;
    imports = imports(audit);
    baseModels =
        imports.stream()
            .map(stage -> stage.parameters().get("model"))
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .distinct()
            .toList();
  }

  /** Those whose weights the model goes on from; others lend their tokenizer alone. */
  static List<AuditedStage> imports(ArtifactAudit audit) {
    Set<String> begun = new HashSet<>(Set.of(audit.artifact().hex()));
    for (AuditedStage stage : audit.chain()) {
      stage
          .inputs()
          .forEach(
              (role, artifact) -> {
                if (role.equals("checkpoint") || role.startsWith("checkpoint.")) {
                  begun.add(artifact);
                }
              });
    }
    return audit.chain().stream()
        .filter(ModelCard::isImport)
        .filter(stage -> begun.contains(stage.outputs().getOrDefault("checkpoint", "")))
        .toList();
  }

  private static boolean isImport(AuditedStage stage) {
    return stage.kind().equals(StageKind.IMPORT.word());
  }

  static String write(
      ReleaseParameters release, Architecture architecture, Chats chats, ArtifactAudit audit) {
    ModelCard card = new ModelCard(release, architecture, chats, audit);
    card.head();
    card.evaluations();
    card.stages();
    card.data();
    card.limits();
    return card.out.toString();
  }

  private void head() {
    line("---");
    line("license: " + release.licence().toLowerCase(Locale.ROOT));
    line("language: en");
    if (architecture.isKnownToTransformers()) {
      line("library_name: transformers");
    }
    line("pipeline_tag: text-generation");
    if (!baseModels.isEmpty()) {
      line("base_model: " + (baseModels.size() == 1 ? baseModels.getFirst() : baseModels));
    }
    line("---");
    line("");
    line("# " + release.title());
    line("");
    line(
        (imports.isEmpty() ? "A small language model of " : "A language model of ")
            + architecture.words()
            + ", made by Modelflow"
            + (imports.isEmpty() ? "" : " from " + imported())
            + ". It is the checkpoint `"
            + audit.artifact().hex()
            + "`; `audit.json` beside this file has the whole record.");
    line("");
    loading();
    talking();
  }

  private void talking() {
    if (chats.equals(Chats.NONE)) {
      line("The folder has no chat template: the model was imported, and no stage has tuned it to");
      line("the flow's. Its own, if it has one, was not taken over: talk to it in that one.");
      line("");
    }
  }

  private String imported() {
    return baseModels.isEmpty()
        ? "an imported model"
        : baseModels.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  private void loading() {
    if (!architecture.isKnownToTransformers()) {
      line(
          "Transformers has no class for experts beside sliding layers: Modelflow alone loads it.");
      line("");
      return;
    }
    line("```python");
    line("from transformers import AutoModelForCausalLM, AutoTokenizer");
    line("model = AutoModelForCausalLM.from_pretrained(\".\")");
    line("tokenizer = AutoTokenizer.from_pretrained(\".\")");
    line("```");
    line("");
  }

  private void evaluations() {
    line("## Evaluations");
    line("");
    line("| task | metric | value | standard error | samples |");
    line("| --- | --- | ---: | ---: | ---: |");
    for (AuditedScore score : audit.evaluations()) {
      line(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.4f | %.4f | %d |",
              cell(score.task()),
              cell(score.metric()),
              score.value(),
              score.standardError(),
              score.samples()));
    }
    line("");
  }

  private void stages() {
    line("## How it was made");
    line("");
    line("| stage | kind | seed | code | parameters |");
    line("| --- | --- | ---: | --- | --- |");
    for (AuditedStage stage : audit.chain()) {
      line(
          "| %s | %s | %d | %s | %s |"
              .formatted(
                  cell(stage.stage()),
                  cell(stage.kind()),
                  stage.seed(),
                  stage.codeVersion() == null ? "" : "`" + stage.codeVersion() + "`",
                  parameters(stage)));
    }
    line("");
  }

  /** Plain values only: lists and blocks stand in the audit; no folder of a worker. */
  private static String parameters(AuditedStage stage) {
    return stage.parameters().entrySet().stream()
        .filter(entry -> !isImport(stage) || !entry.getKey().equals("folder"))
        .filter(entry -> !(entry.getValue() instanceof List<?>))
        .filter(entry -> !(entry.getValue() instanceof Map<?, ?>))
        .map(entry -> cell(entry.getKey() + " " + plain(entry.getValue())))
        .collect(Collectors.joining(", "));
  }

  private static String plain(@Nullable Object value) {
    return value instanceof String text ? text : CanonicalJson.write(value);
  }

  private void data() {
    line("## Data");
    line("");
    line("| source | artifact | licence | SHA-256 |");
    line("| --- | --- | --- | --- |");
    for (Map<String, @Nullable Object> source : audit.sources()) {
      line(
          "| %s | %s | %s | `%s` |"
              .formatted(
                  cell(plain(source.get("name"))),
                  cell(plain(source.get("artifact"))),
                  cell(source.get("licence") == null ? "not stated" : plain(source.get("licence"))),
                  cell(plain(source.get("sha256")))));
    }
    line("");
    for (AuditedStage stage : audit.chain()) {
      if (stage.kind().equals(StageKind.SYNTHESIZE.word())) {
        line(
            "Synthetic texts and questions were made by the stage `%s` (CC0-1.0)."
                .formatted(stage.stage()));
        line("");
      }
    }
  }

  private void limits() {
    line("## Limits");
    line("");
    if (!imports.isEmpty()) {
      line("The model goes on from " + imported() + " and may have every limit that has. Beyond");
      line(
          "the evaluations above nothing of it was measured: it was not tested for safety, and is");
      line("not for use in products.");
      return;
    }
    line("The model shows that every stage of a flow does its work. It knows next to nothing, was");
    line("not tested for safety, and is not for use in products.");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
