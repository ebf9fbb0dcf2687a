package dev.modelflow.release;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.audit.ArtifactAudit.AuditedScore;
import dev.modelflow.audit.AuditedStage;
import dev.modelflow.domain.CanonicalJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The release's {@code README.md}: what the model is, how it was made and from what, and how good
 * it is, after Mitchell et al. 2019 and Hugging Face's model cards. Every fact is from the audit.
 */
final class ModelCard {
  private final ReleaseParameters release;
  private final Architecture architecture;
  private final ArtifactAudit audit;
  private final StringBuilder out = new StringBuilder();

  private ModelCard(ReleaseParameters release, Architecture architecture, ArtifactAudit audit) {
    this.release = release;
    this.architecture = architecture;
    this.audit = audit;
  }

  static String write(ReleaseParameters release, Architecture architecture, ArtifactAudit audit) {
    ModelCard card = new ModelCard(release, architecture, audit);
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
    line("---");
    line("");
    line("# " + release.title());
    line("");
    line(
        "A small language model of "
            + architecture.words()
            + ", made by Modelflow. It is the checkpoint `"
            + audit.artifact().hex()
            + "`; `audit.json` beside this file has the whole record.");
    line("");
    loading();
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
                  parameters(stage.parameters())));
    }
    line("");
  }

  /** Plain values only: lists and blocks stand in the audit. */
  private static String parameters(Map<String, ? extends @Nullable Object> parameters) {
    return parameters.entrySet().stream()
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
                  cell(plain(source.get("licence"))),
                  cell(plain(source.get("sha256")))));
    }
    line("");
    line("Synthetic texts and questions were made by the stage `synthesize` (CC0-1.0).");
    line("");
  }

  private void limits() {
    line("## Limits");
    line("");
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
