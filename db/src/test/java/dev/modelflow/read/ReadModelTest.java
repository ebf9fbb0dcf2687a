package dev.modelflow.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.services.UsesServices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@UsesServices
class ReadModelTest {
  private static final LedgerFixture SERVICES = filled();
  private static final JdbcClient DB = SERVICES.ledger().jdbc();

  private static LedgerFixture filled() {
    LedgerFixture services = new LedgerFixture();
    SampleLedger.write(services.ledger(), Instant.now());
    return services;
  }

  @AfterAll
  static void close() {
    SERVICES.close();
  }

  @Test
  void pagesTogetherHoldEveryRunOnce() {
    RunQueries runs = new RunQueries(DB);
    List<String> seen = new ArrayList<>();
    @Nullable Cursor after = null;
    do {
      RunPage page = runs.page("default", null, after, 2);
      page.runs().forEach(run -> seen.add(run.id()));
      after = page.next() == null ? null : Cursor.parse(page.next());
    } while (after != null);
    assertThat(seen)
        .containsExactly(
            SampleLedger.QUEUED,
            SampleLedger.BRANCH,
            SampleLedger.CANCELLED,
            SampleLedger.DONE,
            SampleLedger.FAILED);
  }

  @Test
  void pagesOfOneStatusAndOtherProjectsHoldNoOtherRuns() {
    RunQueries runs = new RunQueries(DB);
    assertThat(runs.page("default", RunStatus.FAILED, null, 50).runs())
        .extracting(RunSummary::id)
        .containsExactly(SampleLedger.FAILED);
    assertThat(runs.page("another", null, null, 50).runs()).isEmpty();
  }

  @Test
  void aFamilyIsTheSameFromEachOfItsRuns() {
    RunQueries runs = new RunQueries(DB);
    assertThat(runs.family(SampleLedger.BRANCH))
        .extracting(RunSummary::id)
        .containsExactly(SampleLedger.DONE, SampleLedger.BRANCH);
    assertThat(runs.family(SampleLedger.DONE)).isEqualTo(runs.family(SampleLedger.BRANCH));
  }

  @Test
  void ofVeryManyPointsTheEndsAndEvenlySpacedOnesAreKept() {
    DB.sql(
            """
            insert into metric (stage_id, name, step, value)
            select id, 'many', step, step / 2.0
            from stage, generate_series(10, 50000, 10) as step
            where run_id = ? and name = 'pretrain'
            """)
        .param(SampleLedger.DONE)
        .update();
    MetricQueries metrics = new MetricQueries(DB);
    List<Long> few =
        metrics.series(SampleLedger.DONE, "pretrain", "many", -1, 100).stream()
            .map(MetricPoint::step)
            .toList();
    assertThat(few)
        .hasSize(100)
        .doesNotHaveDuplicates()
        .isSorted()
        .startsWith(10L)
        .endsWith(50000L);
    for (int i = 1; i < few.size(); i++) {
      assertThat(few.get(i) - few.get(i - 1)).isBetween(490L, 520L);
    }
    assertThat(metrics.series(SampleLedger.DONE, "pretrain", "many", 49_000, 100))
        .hasSize(100)
        .startsWith(new MetricPoint(49_010, 24_505))
        .endsWith(new MetricPoint(50_000, 25_000));
  }

  @Test
  void theCurveOfABranchedStageBeginsWhereItsParentsDoes() {
    MetricQueries metrics = new MetricQueries(DB);
    List<MetricPoint> parents = metrics.series(SampleLedger.DONE, "pretrain", "loss", -1, 2000);
    List<MetricPoint> own = metrics.series(SampleLedger.BRANCH, "pretrain", "loss", -1, 2000);
    assertThat(own.getFirst().step()).isGreaterThan(600);

    List<MetricPoint> curve = metrics.curve(SampleLedger.BRANCH, "pretrain", "loss", 2000);
    assertThat(curve)
        .startsWith(parents.getFirst())
        .endsWith(own.toArray(MetricPoint[]::new))
        .hasSize(own.size() + (int) parents.stream().filter(it -> it.step() <= 600).count());
    assertThat(curve).extracting(MetricPoint::step).isSorted().doesNotHaveDuplicates();
    assertThat(metrics.curve(SampleLedger.DONE, "pretrain", "loss", 2000)).isEqualTo(parents);
  }

  @Test
  void aReusedStageShowsTheOutputsOfItsOriginal() {
    StageQueries stages = new StageQueries(DB);
    assertThat(stages.outputs(SampleLedger.BRANCH))
        .filteredOn(output -> output.stage().equals("curate"))
        .extracting(OutputView::artifact)
        .containsExactlyElementsOf(
            stages.outputs(SampleLedger.DONE).stream()
                .filter(output -> output.stage().equals("curate"))
                .map(OutputView::artifact)
                .toList());
    assertThat(stages.ofRun(SampleLedger.BRANCH).getFirst().status()).isEqualTo(StageStatus.REUSED);
  }

  @Test
  void checkpointsOfAFamilyBelongToTheRunThatWroteThem() {
    CheckpointQueries checkpoints = new CheckpointQueries(DB);
    List<CheckpointView> written =
        checkpoints.writtenBy(List.of(SampleLedger.DONE, SampleLedger.BRANCH));
    assertThat(written)
        .filteredOn(each -> each.run().equals(SampleLedger.BRANCH))
        .extracting(CheckpointView::step)
        .startsWith(800L, 1000L, 1200L);
  }

  @Test
  void everyEvaluationNamesTheStageThatItMeasured() {
    assertThat(new StageQueries(DB).evaluations(SampleLedger.DONE))
        .hasSize(24)
        .allSatisfy(each -> assertThat(each.stage()).isEqualTo("evaluate-" + each.of()));
  }

  @Test
  void lineageFollowsEveryEdgeWithinItsDepth() {
    LineageQueries lineage = new LineageQueries(DB);
    String focus = SampleLedger.checkpoint("sft", 180);
    Lineage near = lineage.around(focus, Lineage.Direction.UP, 1, 100).orElseThrow();
    Lineage far = lineage.around(focus, Lineage.Direction.UP, 50, 100).orElseThrow();
    assertThat(near.truncated()).isTrue();
    assertThat(near.nodes()).allSatisfy(node -> assertThat(node.distance()).isBetween(-1, 0));
    assertThat(far.truncated()).isFalse();
    Map<String, Integer> distances = new HashMap<>();
    far.nodes().forEach(node -> distances.put(node.artifact().id(), node.distance()));
    assertThat(distances).containsKey(SampleLedger.checkpoint("pretrain", 1200));
    assertThat(far.edges())
        .allSatisfy(
            edge ->
                assertThat(distances.getOrDefault(edge.src(), 0))
                    .isGreaterThanOrEqualTo(distances.getOrDefault(edge.dst(), 0) - 1));
  }

  @Test
  void lineageOfTheUnknownIsEmpty() {
    assertThat(new LineageQueries(DB).around("0".repeat(64), Lineage.Direction.BOTH, 5, 5))
        .isEmpty();
  }

  @Test
  void aSilentPoolStillShowsWhatWaitsForIt() {
    assertThat(new PoolQueries(DB).all())
        .anySatisfy(
            pool -> {
              assertThat(pool.name()).isEqualTo("gpu");
              assertThat(pool.workers()).hasSize(2);
              assertThat(pool.running()).isEqualTo(1);
              assertThat(pool.waiting()).isPositive();
            });
  }
}
