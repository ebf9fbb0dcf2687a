package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DataOrderTest {
  private static final Map<String, Double> MIX = Map.of("a", 3.0, "b", 1.0);
  private static final int FIRST_OF_B = 1000;

  /** Documents whose every token names them. */
  private static Documents documents(int count, int firstName, int longest) {
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] tokens = new int[1 + i % longest];
      Arrays.fill(tokens, firstName + i);
      sequences.add(new Sequence(tokens, tokens));
    }
    return new SequenceDocuments(sequences);
  }

  private static DataOrder order(long seed) {
    Map<String, Documents> sources =
        Map.of("a", documents(90, 10, 12), "b", documents(70, FIRST_OF_B, 9));
    return new DataOrder(sources, MIX, seed, 3, 20);
  }

  @Property(tries = 30)
  void skippingStepsIsMakingThem(
      @ForAll @IntRange(max = 150) int steps, @ForAll @IntRange(max = 5) int seed) {
    DataOrder made = order(seed);
    for (int step = 0; step < steps; step++) {
      made.next();
    }
    DataOrder skipped = order(seed);
    skipped.skip(steps);
    assertThat(skipped.next().tokens()).isEqualTo(made.next().tokens());
  }

  @Test
  void sourcesGetTheirShareOfTokens() {
    DataOrder order = order(1);
    long ofB = 0;
    long all = 0;
    for (int step = 0; step < 300; step++) {
      for (int token : order.next().tokens()) {
        all += token >= 10 ? 1 : 0;
        ofB += token >= FIRST_OF_B ? 1 : 0;
      }
    }
    assertThat((double) ofB / all).isBetween(0.24, 0.26);
    assertThat((double) all / (300 * 60)).isGreaterThan(0.97);
  }

  @Test
  void documentsAreSeenEquallyOften() {
    DataOrder order = new DataOrder(Map.of("a", documents(40, 10, 12)), Map.of("a", 1.0), 4, 1, 12);
    int[] seen = new int[40];
    for (int step = 0; step < 400; step++) {
      PackedRows rows = order.next();
      for (int i = 0; i < rows.tokens().length; i++) {
        if (rows.positions()[i] == 0 && rows.targets()[i] != PackedRows.NO_TARGET) {
          seen[rows.tokens()[i] - 10]++;
        }
      }
    }
    IntSummaryStatistics times = Arrays.stream(seen).summaryStatistics();
    assertThat(times.getMin()).isGreaterThan(15);
    assertThat(times.getMax() - times.getMin()).isLessThanOrEqualTo(2);
  }

  @Test
  void seedsOrderDifferently() {
    assertThat(order(1).next().tokens()).isNotEqualTo(order(2).next().tokens());
  }

  @Test
  void aSourceThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new DataOrder(Map.of(), Map.of("a", 1.0), 1, 1, 8))
        .hasMessage("The mix names source 'a' but the stage has no input tokens.a");
  }

  @Test
  void theLatestStepsPlacesAndIdsAreThoseOfItsTokens() {
    DataOrder order = order(2);
    assertThat(order.latest()).isEmpty();
    order.skip(4);
    int[] read = Arrays.stream(order.next().tokens()).filter(token -> token >= 10).toArray();

    List<Place> places = order.latest();
    List<String> ids = order.ids(places);
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      int first = places.get(i).source().equals("a") ? 10 : FIRST_OF_B;
      int token = first + Integer.parseInt(ids.get(i));
      named.addAll(Collections.nCopies(places.get(i).length(), token));
    }
    assertThat(named).containsExactly(Arrays.stream(read).boxed().toArray(Integer[]::new));
  }
}
