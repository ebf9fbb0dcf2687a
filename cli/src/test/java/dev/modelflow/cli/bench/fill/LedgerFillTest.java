package dev.modelflow.cli.bench.fill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.plan.RecipeCompiler;
import dev.modelflow.run.RunPreview;
import dev.modelflow.run.RunRequest;
import dev.modelflow.run.RunService;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.util.Map;
import org.junit.jupiter.api.Test;

@UsesServices
class LedgerFillTest {
  @Test
  void aFilledLedgerHasItsSizeAndThePlatformCanGoOnWithIt() throws Exception {
    LedgerConfig config = TestServices.freshLedger();
    LedgerSize size = new LedgerSize(40, 4000, 4000, 7);
    try (ObjectStore store = ObjectStore.open(TestServices.freshBucket())) {
      FilledLedger filled = LedgerFill.fill(config, store, size, line -> {});
      assertThat(filled.metrics()).isEqualTo(4000);
      assertThat(filled.edges()).isBetween(3900L, 4600L);
      try (Ledger ledger = Ledger.open(config)) {
        assertThat(count(ledger, "run")).isEqualTo(40);
        assertThat(count(ledger, "metric")).isEqualTo(4000);
        assertThat(count(ledger, "edge")).isEqualTo(filled.edges());
        assertThat(ledger.runs().unfinished()).isEmpty();
        everyArtifactIsWhatItsIdSays(ledger, filled);
        aBranchReusesWhatCameBefore(
            new RunService(ledger, store, new RecipeCompiler(), "default"), filled);
      }
    }
  }

  private static long count(Ledger ledger, String table) {
    return ledger.jdbc().sql("select count(*) from " + table).query(Long.class).single();
  }

  private static void everyArtifactIsWhatItsIdSays(Ledger ledger, FilledLedger filled) {
    for (String id : filled.artifacts()) {
      Manifest manifest = ledger.artifacts().get(new Digest(id));
      assertThat(manifest.id().hex()).isEqualTo(id);
    }
  }

  /** Which it does only if their objects are in the store. */
  private static void aBranchReusesWhatCameBefore(RunService service, FilledLedger filled) {
    FilledLedger.WholeRun whole = filled.whole().getFirst();
    String[] point = whole.checkpoint().split("@", 2);
    RunPreview preview =
        service.preview(
            new RunRequest.Branch(whole.run(), point[0], Long.valueOf(point[1]), Map.of()));
    assertThat(preview.stages())
        .filteredOn(stage -> stage.action() == RunPreview.Action.REUSE)
        .extracting(RunPreview.StagePreview::name)
        .containsExactlyInAnyOrder("synthesize", "curate", "pretrain", "evaluate-pretrain");
    assertThat(preview.stages())
        .filteredOn(stage -> stage.action() == RunPreview.Action.CONTINUE)
        .extracting(RunPreview.StagePreview::name)
        .containsExactly("midtrain");
  }
}
