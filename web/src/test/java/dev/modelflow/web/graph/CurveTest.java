package dev.modelflow.web.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.MetricPoint;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CurveTest {
  @Property(tries = 200)
  void everyPointLiesInsideThePlot(
      @ForAll @Size(min = 1, max = 40) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    List<MetricPoint> points =
        IntStream.range(0, values.size())
            .mapToObj(i -> new MetricPoint(i * 7L, values.get(i)))
            .toList();
    Curve curve = Curve.of(points, 100, 600, 300);
    JsonNode places = JsonMapper.shared().readTree(curve.points());
    assertThat(places.size()).isEqualTo(values.size());
    places.forEach(
        place -> {
          assertThat(place.get(0).asDouble()).isBetween(curve.left() - 0.1, curve.right() + 0.1);
          assertThat(place.get(1).asDouble()).isBetween(curve.top() - 0.1, curve.bottom() + 0.1);
        });
    assertThat(curve.rows()).isNotEmpty().hasSizeLessThan(15);
  }

  @Test
  void ticksAreRound() {
    Curve curve =
        Curve.of(List.of(new MetricPoint(0, 2.2), new MetricPoint(400, 3.1)), 400, 1080, 300);
    assertThat(curve.columns()).extracting(Curve.Tick::label).startsWith("0", "50", "100");
    assertThat(curve.rows()).extracting(Curve.Tick::label).contains("2.4", "2.6", "3.0");
  }

  @Test
  void aConstantHasAPlaceToo() {
    assertThat(Curve.of(List.of(new MetricPoint(1, 0)), 0, 330, 230).raw()).startsWith("M");
  }
}
