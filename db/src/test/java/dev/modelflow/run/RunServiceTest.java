package dev.modelflow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.Uploads;
import dev.modelflow.run.RunPreview.Action;
import dev.modelflow.run.RunPreview.StagePreview;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow of curate → pretrain → sft, whose compiler reads overrides as {@code stage.key}. */
@UsesServices
class RunServiceTest {
  private static final String CODE = "code 1";

  private final LedgerFixture fixture = new LedgerFixture();
  private final RunService service =
      new RunService(fixture.ledger(), fixture.store(), RunServiceTest::compile, "shared");
  private final Path folder;

  RunServiceTest(@TempDir Path folder) {
    this.folder = folder;
    fixture
        .ledger()
        .workers()
        .register(
            LedgerFixture.worker(
                "w", "cpu", Map.of("curate", CODE, "pretrain", CODE, "sft", CODE)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRunBelongsToTheProjectOfItsService() {
    assertThat(service.submit(fresh(Map.of()), "tester").project()).isEqualTo("shared");
  }

  @Test
  void aBranchInsideAStageContinuesThereAndReusesWhatWasBefore() {
    Run parent = finished();
    RunRequest branch =
        new RunRequest.Branch(parent.id(), "pretrain", 5L, Map.of("pretrain.rate", 2));
    assertThat(actions(branch))
        .containsExactly("curate REUSE", "pretrain CONTINUE after 5", "sft RUN");

    Run run = service.submit(branch, "tester");
    Stage pretrain = fixture.ledger().stages().get(run.id(), "pretrain");
    assertThat(pretrain.startStep()).isEqualTo(5);
    assertThat(run.origin().parentRun()).isEqualTo(parent.id());
    assertThat(run.origin().branchStep()).isEqualTo(5);
  }

  @Test
  void aBranchAtTheEndOfAStageKeepsTheStageAndRunsTheRest() {
    Run parent = finished();
    assertThat(
            actions(new RunRequest.Branch(parent.id(), "pretrain", null, Map.of("sft.epochs", 3))))
        .containsExactly("curate REUSE", "pretrain REUSE", "sft RUN");
  }

  @Test
  void aBranchWithOtherDataCuratesAgainAndContinuesFromTheCheckpoint() {
    Run parent = finished();
    assertThat(
            actions(new RunRequest.Branch(parent.id(), "pretrain", 5L, Map.of("curate.size", 9))))
        .containsExactly("curate RUN", "pretrain CONTINUE after 5", "sft RUN");
  }

  @Test
  void aBranchWithOtherDataKeepsWhatItsCheckpointWasMadeFrom() {
    Run parent = finished();
    assertThat(actions(new RunRequest.Branch(parent.id(), "sft", 5L, Map.of("curate.size", 9))))
        .containsExactly("curate RUN", "pretrain REUSE", "sft CONTINUE after 5");
  }

  @Test
  void aChangeThatIsTooLateForTheCheckpointIsRefused() {
    Run parent = finished();
    for (@Nullable Long step : Arrays.asList(5L, null)) {
      assertThatThrownBy(
              () ->
                  service.submit(
                      new RunRequest.Branch(
                          parent.id(), "sft", step, Map.of("pretrain.rate", 2, "sft.epochs", 2)),
                      "tester"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "The checkpoint sft@%d was made by pretrain as it was, so a change of pretrain"
                      .formatted(step == null ? 10 : step)
                  + " would not reach it; drop that change, or rerun from pretrain");
    }
    assertThatThrownBy(
            () ->
                service.preview(
                    new RunRequest.Branch(parent.id(), "sft", 5L, Map.of("sft.from", 5L))))
        .hasMessageContaining("Stage sft goes on from its own checkpoint after step 5");
  }

  @Test
  void theNumberOfRanksMayChangeAnywhereForItIsNoPartOfWhatAStageIs() {
    Run parent = finished();
    Map<String, @Nullable Object> ranks = Map.of("pretrain.ranks", 2, "sft.ranks", 2);
    assertThat(actions(new RunRequest.Branch(parent.id(), "pretrain", 5L, ranks)))
        .containsExactly("curate REUSE", "pretrain CONTINUE after 5", "sft RUN");
    assertThat(actions(new RunRequest.Branch(parent.id(), "sft", 5L, ranks)))
        .containsExactly("curate REUSE", "pretrain REUSE", "sft CONTINUE after 5");
    assertThat(actions(fresh(ranks)))
        .containsExactly("curate REUSE", "pretrain REUSE", "sft REUSE");
  }

  @Test
  void aRerunReusesEverythingBeforeTheStageAndRunsTheRestThoughNothingChanged() {
    Run parent = finished();
    assertThat(actions(new RunRequest.Rerun(parent.id(), "pretrain", Map.of())))
        .containsExactly("curate REUSE", "pretrain RUN", "sft RUN");
  }

  @Test
  void anEqualNewRunIsForeseenToReuseAll() {
    finished();
    assertThat(actions(fresh(Map.of())))
        .containsExactly("curate REUSE", "pretrain REUSE", "sft REUSE");
  }

  @Test
  void whatIsNotThereCannotBeBranchedFrom() {
    Run parent = finished();
    assertThatThrownBy(
            () -> service.preview(new RunRequest.Branch(parent.id(), "pretrain", 6L, Map.of())))
        .hasMessageContaining("has no checkpoint after step 6; it has them after: [5, 10]");
    assertThatThrownBy(
            () -> service.preview(new RunRequest.Branch(parent.id(), "curate", null, Map.of())))
        .hasMessageContaining("has no checkpoint to branch from");
    assertThatThrownBy(() -> service.preview(new RunRequest.Rerun(parent.id(), "dpo", Map.of())))
        .hasMessageContaining("No stage 'dpo' in recipe 'tiny'; it has: curate, pretrain, sft");
  }

  @Test
  void aRunIsCancelledOnce() {
    Run run = service.submit(fresh(Map.of()), "tester");
    assertThat(service.cancel(run.id(), "tester")).isTrue();
    assertThat(service.cancel(run.id(), "tester")).isFalse();
    assertThat(fixture.ledger().runs().get(run.id()).status()).isEqualTo(RunStatus.CANCELLING);
  }

  private List<String> actions(RunRequest request) {
    return service.preview(request).stages().stream().map(RunServiceTest::describe).toList();
  }

  private static String describe(StagePreview stage) {
    return stage.name()
        + " "
        + stage.action()
        + (stage.action() == Action.CONTINUE ? " after " + stage.fromStep() : "");
  }

  private Run finished() {
    Run run = service.submit(fresh(Map.of()), "tester");
    fixture.ledger().runs().begin(run.id());
    for (Stage stage : fixture.ledger().stages().of(run.id())) {
      finish(run, stage);
    }
    fixture.ledger().runs().finish(run.id(), RunStatus.SUCCEEDED);
    return fixture.ledger().runs().get(run.id());
  }

  private void finish(Run run, Stage stage) {
    Map<String, Digest> inputs = fixture.ledger().stages().inputs(stage);
    fixture
        .ledger()
        .stages()
        .recordFingerprint(stage.id(), Reuse.fingerprint(run, stage, inputs, CODE), CODE);
    Fence fence = fixture.ledger().attempts().begin(stage, "w", Map.of()).orElseThrow();
    if (stage.kind() == StageKind.CURATE) {
      Manifest tokens = upload(ArtifactKind.TOKEN_SET, "tokens");
      fixture.ledger().attempts().succeed(fence, Map.of("tokens", tokens), inputs);
      return;
    }
    Manifest five = upload(ArtifactKind.CHECKPOINT, stage.name() + " 5");
    Manifest ten = upload(ArtifactKind.CHECKPOINT, stage.name() + " 10");
    fixture.ledger().attempts().checkpoint(fence, 5, 50, five, inputs);
    fixture.ledger().attempts().checkpoint(fence, 10, 100, ten, inputs);
    fixture.ledger().attempts().succeed(fence, Map.of("checkpoint", ten), inputs);
  }

  private Manifest upload(ArtifactKind kind, String text) {
    try {
      Path made = Files.createDirectories(folder.resolve(text));
      Files.writeString(made.resolve("data.txt"), text);
      return new Uploads(fixture.store()).upload(made, kind, Map.of());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static RunRequest fresh(Map<String, @Nullable Object> overrides) {
    return new RunRequest.New("recipe: 1", overrides);
  }

  private static FlowPlan compile(String source, Map<String, @Nullable Object> overrides) {
    return LedgerFixture.plan(
        stage("curate", StageKind.CURATE, overrides, "size", Map.of()),
        stage(
            "pretrain",
            StageKind.PRETRAIN,
            overrides,
            "rate",
            Map.of("tokens", new StageInput("curate", "tokens", null))),
        stage(
            "sft",
            StageKind.SFT,
            overrides,
            "epochs",
            Map.of(
                "checkpoint",
                new StageInput("pretrain", "checkpoint", (Long) overrides.get("sft.from")))));
  }

  private static StagePlan stage(
      String name,
      StageKind kind,
      Map<String, @Nullable Object> overrides,
      String key,
      Map<String, StageInput> inputs) {
    Object value = overrides.getOrDefault(name + "." + key, 1);
    Map<String, @Nullable Object> parameters = new HashMap<>(Map.of(key, String.valueOf(value)));
    if (overrides.get(name + ".ranks") instanceof Integer ranks) {
      parameters.put("ranks", ranks);
    }
    return LedgerFixture.stage(name, kind, "cpu", parameters, inputs);
  }
}
