package dev.modelflow.cli.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;

class LatenciesTest {
  @Property
  void aQuantileIsTheSmallestTimeThatItsShareDoesNotExceed(
      @ForAll @NotEmpty List<@DoubleRange(max = 1000) Double> times,
      @ForAll @DoubleRange(min = 0.01, max = 1) double share) {
    double quantile = Latencies.of(times).quantile(share);
    long within = times.stream().filter(time -> time <= quantile).count();
    long below = times.stream().filter(time -> time < quantile).count();
    assertThat(times).contains(quantile);
    assertThat((double) within).isGreaterThanOrEqualTo(share * times.size() - 1e-9);
    assertThat((double) below).isLessThan(share * times.size());
  }

  @Example
  void itReadsAsOneLine() {
    assertThat(Latencies.of(IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList()))
        .hasToString("p95 95 ms (p50 50, p99 99, n 100)");
    assertThatThrownBy(() -> Latencies.of(List.of())).hasMessage("Nothing was timed");
  }

  @Example
  void aCrowdDoesEachDeedOnce() throws Exception {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    assertThat(new Crowd(3).times(50, done::add).count()).isEqualTo(50);
    assertThat(done).hasSize(50);
  }

  @Example
  void oneDeedThatFailsIsSaid() {
    assertThatThrownBy(
            () ->
                new Crowd(2)
                    .times(
                        10,
                        number -> {
                          if (number == 4) {
                            throw new IOException("GET /runs was answered with 500");
                          }
                        }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("GET /runs was answered with 500");
  }
}
