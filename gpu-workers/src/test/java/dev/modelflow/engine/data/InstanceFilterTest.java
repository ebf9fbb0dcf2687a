package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.data.InstanceFilter.Filtered;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InstanceFilterTest {
  private static final InstanceFilter OLMO = new InstanceFilter(1, 13, 32);

  /**
   * A row of {@code length} different tokens, in which {@code period} tokens stand {@code times}.
   */
  private static int[] row(int length, int at, int period, int times) {
    int[] tokens = new int[length];
    Arrays.setAll(tokens, i -> 1000 + i);
    for (int i = 0; i < period * times; i++) {
      tokens[at + i] = 10 + i % period;
    }
    return tokens;
  }

  private static boolean isRepetitive(InstanceFilter filter, int[] tokens) {
    return filter.isRepetitive(tokens, 0, tokens.length);
  }

  @Test
  void thirtyTwoTimesAreTooManyAndThirtyOneAreNot() {
    for (int period = 1; period <= 13; period++) {
      assertThat(isRepetitive(OLMO, row(600, 5, period, 32))).as("period %d", period).isTrue();
      assertThat(isRepetitive(OLMO, row(600, 5, period, 31))).as("period %d", period).isFalse();
    }
    assertThat(isRepetitive(OLMO, row(600, 5, 14, 32))).isFalse();
  }

  @Test
  void aRepetitionMayEndInTheMiddle() {
    int[] tokens = row(600, 5, 13, 32);
    tokens[5 + 13 * 32 - 1] = 999;
    assertThat(isRepetitive(OLMO, tokens)).isFalse();
    tokens[4] = tokens[4 + 13];
    assertThat(isRepetitive(OLMO, tokens)).isTrue();
  }

  /** By the definition: some stretch of times periods in which every token equals that before. */
  @Property(tries = 500)
  void findsWhatTheDefinitionFinds(
      @ForAll @IntRange(min = 1, max = 3) int shortest,
      @ForAll @IntRange(max = 3) int more,
      @ForAll @IntRange(min = 2, max = 5) int times,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] tokens = random.ints(random.nextInt(40), 10, 12 + random.nextInt(2)).toArray();
    InstanceFilter filter = new InstanceFilter(shortest, shortest + more, times);
    assertThat(isRepetitive(filter, tokens)).isEqualTo(byDefinition(filter, tokens));
  }

  private static boolean byDefinition(InstanceFilter filter, int[] tokens) {
    for (int period = filter.shortest(); period <= filter.longest(); period++) {
      for (int at = 0; at + period * filter.times() <= tokens.length; at++) {
        int[] once = Arrays.copyOfRange(tokens, at, at + period);
        boolean same = true;
        for (int time = 1; time < filter.times(); time++) {
          int from = at + time * period;
          same &= Arrays.equals(once, Arrays.copyOfRange(tokens, from, from + period));
        }
        if (same) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aRepetitiveRowLosesItsTargetsAndNoOther() {
    int[] usual = row(64, 0, 1, 1);
    int[] again = row(64, 20, 1, 32);
    PackedRows rows =
        PackedRows.of(List.of(List.of(sequence(usual)), List.of(sequence(again))), 80);
    Filtered kept = OLMO.apply(rows);

    assertThat(kept.filtered()).isEqualTo(1);
    assertThat(kept.rows().tokens()).isEqualTo(rows.tokens());
    assertThat(Arrays.copyOf(kept.rows().targets(), 80))
        .isEqualTo(Arrays.copyOf(rows.targets(), 80));
    assertThat(kept.rows().targetCount()).isEqualTo(64);
    assertThat(rows.targetCount()).isEqualTo(128);
  }

  @Test
  void paddingIsNoRepetition() {
    int[] usual = row(20, 0, 1, 1);
    PackedRows rows = PackedRows.of(List.of(List.of(sequence(usual))), 200);
    assertThat(rows.isPadding(rows.tokens().length - 1)).isTrue();
    assertThat(OLMO.apply(rows)).isEqualTo(new Filtered(rows, 0));
  }

  private static Sequence sequence(int[] tokens) {
    return new Sequence(tokens, tokens);
  }
}
