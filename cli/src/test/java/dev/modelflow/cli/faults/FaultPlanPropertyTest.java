package dev.modelflow.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class FaultPlanPropertyTest {
  private static final Duration LONGEST = Duration.ofSeconds(40);

  @Property
  void aSeedSaysEverything(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Set<FaultKind> all = EnumSet.allOf(FaultKind.class);
    List<PlannedFault> plan = FaultPlan.of(seed, count, all);

    assertThat(FaultPlan.of(seed, count, all)).isEqualTo(plan);
    assertThat(FaultPlan.of(seed, count + 7, all)).startsWith(plan.toArray(PlannedFault[]::new));
  }

  @Property
  void theFirstFaultsHoldEveryKindOnce(
      @ForAll long seed, @ForAll("someKinds") Set<FaultKind> kinds) {
    List<PlannedFault> plan = FaultPlan.of(seed, kinds.size(), kinds);

    assertThat(plan.stream().map(it -> it.fault().kind()).collect(Collectors.toSet()))
        .isEqualTo(kinds);
  }

  @Property
  void everyFaultPassesInTime(@ForAll long seed) {
    for (PlannedFault planned : FaultPlan.of(seed, 60, EnumSet.allOf(FaultKind.class))) {
      assertThat(planned.after()).isPositive().isLessThan(LONGEST);
      assertThat(planned.lasts()).isGreaterThanOrEqualTo(Duration.ZERO).isLessThan(LONGEST);
    }
  }

  @Provide
  Arbitrary<Set<FaultKind>> someKinds() {
    return Arbitraries.of(FaultKind.class).set().ofMinSize(1);
  }
}
