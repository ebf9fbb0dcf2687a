package dev.modelflow.cli.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.bench.Checkpoints;
import dev.modelflow.bench.Parts;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static final Parts PARTS = new Parts(0.5, 0.6, 40, 4);
  private static final Checkpoints CHECKPOINTS = new Checkpoints(4, 200, 1, 3, 100);
  private static final Start START = new Start(1, 2);

  private static Bar.Ok held(String measure, Bars bars) {
    return bars.all().stream()
        .filter(bar -> bar.measure().equals(measure))
        .map(Bar::ok)
        .findFirst()
        .orElseThrow();
  }

  private static Bars bars(Parts parts, Checkpoints checkpoints) {
    return new Bars(List.of(Samples.row(parts, checkpoints)), List.of(START), List.of());
  }

  @Test
  void everyBarIsHeldByAnEngineThatIsFastEnough() {
    EngineBenchReport report =
        Samples.report(
            Samples.measured("small", 10_000, 13_000, 10_000),
            Samples.measured("large", 10_000, 26_000, 20_000));

    assertThat(report.bars())
        .extracting(Bar::measure, Bar::seen, Bar::ok)
        .containsExactly(
            tuple("training, small", "1.30 times, in bf16", Bar.Ok.YES),
            tuple("training, large", "1.30 times, in bf16", Bar.Ok.YES),
            tuple("training, large, bf16", "65.0 %", Bar.Ok.YES),
            tuple("data", "0.76 % at most, large in bf16", Bar.Ok.YES),
            tuple("start of a trainer", "1.50 s (median of 3, at most 2.00)", Bar.Ok.YES),
            tuple("a step held up by its checkpoint", "1.27 % at most, large in bf16", Bar.Ok.YES),
            tuple("all that checkpoints cost", "0.25 % at most, small in float32", Bar.Ok.YES),
            tuple("memory over 10000 steps", "5.5 MB at most, in bf16", Bar.Ok.YES),
            tuple(
                "generation, 64 answers at once",
                "11.0 times at least, small in float32",
                Bar.Ok.YES));
    assertThat(report.held()).isTrue();
  }

  @Test
  void aBarThatNeedsPytorchIsNeverHeldWithoutIt() {
    EngineBenchReport report = Samples.report(Samples.measured("small", 10_000, 13_000, 0));

    assertThat(report.bars().subList(0, 3)).extracting(Bar::ok).containsOnly(Bar.Ok.NOT_MEASURED);
    assertThat(report.engine()).allMatch(row -> row.timesPytorch() == null);
    assertThat(report.held()).isTrue();
  }

  @Test
  void oneMissedBarIsEnough() {
    EngineBenchReport report = Samples.report(Samples.measured("small", 10_000, 12_900, 10_000));

    assertThat(report.bars().getFirst().ok()).isEqualTo(Bar.Ok.NO);
    assertThat(report.held()).isFalse();
  }

  @Test
  void aSlowStartIsSeen() {
    List<Start> slow = List.of(new Start(2.9, 3), new Start(3.1, 3.2), new Start(3.2, 4));
    Bars bars = new Bars(List.of(Samples.row(PARTS, CHECKPOINTS)), slow, List.of());

    assertThat(held("start of a trainer", bars)).isEqualTo(Bar.Ok.NO);
  }

  /** It adds no more to its stage than another, but one step waits for all of that. */
  @Test
  void aWriterThatTrainingWaitsForIsSeen() {
    Bars bars = bars(PARTS, new Checkpoints(4, 200, 100, 110, 100));

    assertThat(held("a step held up by its checkpoint", bars)).isEqualTo(Bar.Ok.NO);
    assertThat(held("all that checkpoints cost", bars)).isEqualTo(Bar.Ok.YES);
  }

  @Test
  void dataIsHeldByTheSlowerDocuments() {
    assertThat(held("data", bars(new Parts(0.5, 2.1, 40, 4), CHECKPOINTS))).isEqualTo(Bar.Ok.NO);
    assertThat(held("data", bars(new Parts(2.1, 0.5, 40, 4), CHECKPOINTS))).isEqualTo(Bar.Ok.NO);
    assertThat(held("data", bars(new Parts(0.5, 1.9, 40, 4), CHECKPOINTS))).isEqualTo(Bar.Ok.YES);
  }

  @Test
  void memoryThatGrowsInOnePrecisionIsSeen() {
    List<MemoryRow> memory =
        List.of(Samples.memory("float32", 200, 232.5), Samples.memory("bf16", 200, 200));
    Bars bars = new Bars(List.of(Samples.row(PARTS, CHECKPOINTS)), List.of(START), memory);

    assertThat(held("memory over 10000 steps", bars)).isEqualTo(Bar.Ok.NO);
    assertThat(held("memory over 10000 steps", bars(PARTS, CHECKPOINTS)))
        .isEqualTo(Bar.Ok.NOT_MEASURED);
  }
}
