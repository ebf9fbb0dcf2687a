package dev.modelflow.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.faults.Observation.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RepeatedStepsPropertyTest {
  private static final long TOTAL = 1_000;

  /** Attempts that each go on at a checkpoint some steps before the last one's end. */
  @Property
  void whatWasTrainedBetweenACheckpointAndAKillIsCounted(
      @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 40) Integer> losses) {
    RepeatedSteps steps = new RepeatedSteps();
    Map<Integer, Long> starts = new HashMap<>();
    long start = 0;
    int epoch = 1;
    for (int loss : losses) {
      steps.see(new Progress("pretrain", epoch, start));
      steps.see(new Progress("pretrain", epoch, start + loss + 1));
      epoch++;
      start++;
      starts.put(epoch, start);
    }
    steps.see(new Progress("pretrain", epoch, TOTAL));

    assertThat(steps.count(Map.of("pretrain", starts), Map.of("pretrain", TOTAL)))
        .isEqualTo(losses.stream().mapToLong(Integer::longValue).sum());
  }
}
