package dev.modelflow.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Iterator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class MeasuresTest {
  @Test
  void aCheckpointsShareFallsWithTheStepsBetween() {
    Checkpoints checkpoints = new Checkpoints(4, 100, 1, 2, 100);

    assertThat(checkpoints.share(1)).isCloseTo(0.5, within(1e-12));
    assertThat(checkpoints.share(99)).isCloseTo(0.01, within(1e-12));
  }

  @Property
  void theLeastIntervalIsTheFirstBelowTheShare(
      @ForAll @DoubleRange(min = 0.1, max = 1000) double step,
      @ForAll @DoubleRange(min = -1000, max = 1000) double added) {
    Checkpoints checkpoints = new Checkpoints(4, step, 0, 0, added);
    int least = (int) checkpoints.leastInterval(0.05);

    assertThat(checkpoints.share(least)).isLessThan(0.05 + 1e-9);
    assertThat(least == 1 || checkpoints.share(least - 1) > 0.05 - 1e-9).isTrue();
  }

  /** A step that waits for a copy, or until one is written, waits for the checkpoint before. */
  @Test
  void waitsAreThoseOfEachCheckpointButTheLast() {
    StepTimes times = new StepTimes();
    times.heldUp(3, 0.5);
    times.heldUp(4, 0.25);
    times.heldUp(6, 0.125);
    times.heldUp(9, 3);

    assertThat(times.waits(3, 8)).containsExactly(0.375, 3.0);
  }

  @Test
  void theFirstMeasurementDoesNotCount() {
    Iterator<Double> measured = List.of(90.0, 3.0, 1.0, 2.0).iterator();

    assertThat(Clock.median(3, measured::next)).isEqualTo(2);
  }

  @Test
  void theFasterProductIsKept() {
    Gemm fast = new Gemm(100, 512, true);
    Gemm slow = new Gemm(90, 1024, false);

    assertThat(slow.max(fast)).isEqualTo(fast);
    assertThat(fast.max(slow)).isEqualTo(fast);
  }

  @Test
  void aSizeThatThereIsNotIsNamedWithThoseThatThereAre() {
    assertThat(BenchSize.of("large").width()).isEqualTo(512);
    assertThatThrownBy(() -> BenchSize.of("huge"))
        .hasMessage("There is no size 'huge': use tiny, tiny-long, small, large");
  }
}
