package dev.modelflow.cli.bench.fill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RunPlansTest {
  private static final int STAGES = 15;

  @Property(tries = 50)
  void thePartsOfAllRunsMakeUpTheWhole(
      @ForAll @IntRange(min = 1, max = 3000) int runs,
      @ForAll @IntRange(max = 100_000) int edges,
      @ForAll long seed) {
    List<RunPlan> plans = plans(new LedgerSize(runs, 200 * runs, edges, seed));
    assertThat(plans).hasSize(runs);
    assertThat(plans.stream().mapToLong(RunPlan::edges).sum()).isEqualTo(edges);
    assertThat(plans.stream().mapToLong(RunPlan::metrics).sum()).isEqualTo(200L * runs);
  }

  @Property(tries = 20)
  void aBranchLeavesAnOlderWholeRunOfItsFamily(@ForAll long seed) {
    for (RunPlan plan : plans(new LedgerSize(2500, 0, 0, seed))) {
      RunPlan parent = plan.parent();
      if (parent != null) {
        assertThat(parent.number()).isLessThan(plan.number());
        assertThat(parent.family()).isEqualTo(plan.family());
        assertThat(parent.stagesDone()).isEqualTo(STAGES);
      }
    }
  }

  @Property(tries = 20)
  void theSameSeedGivesTheSameLedgerAndIdsSortByAge(@ForAll long seed) {
    LedgerSize size = new LedgerSize(300, 3000, 3000, seed);
    assertThat(plans(size)).isEqualTo(plans(size));
    assertThat(plans(size)).extracting(RunPlan::id).isSorted().doesNotHaveDuplicates();
  }

  @Example
  void aLedgerWithoutRunsIsRefused() {
    assertThatThrownBy(() -> new LedgerSize(0, 1, 1, 1))
        .hasMessage("A ledger of 0 runs shows nothing: take 1 or more");
  }

  private static List<RunPlan> plans(LedgerSize size) {
    return new RunPlans(size, STAGES).all();
  }
}
