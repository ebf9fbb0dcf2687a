package dev.modelflow.cli.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.Gemm;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarsTest {
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
            tuple("data", "0.63 % at most, large in bf16", Bar.Ok.YES),
            tuple("start of a trainer", "1.50 s (median of 3, at most 2.00)", Bar.Ok.YES),
            tuple("steps held up by checkpoints", "0.25 % at most, small in float32", Bar.Ok.YES),
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
    EngineRow row =
        EngineRow.of(
            BenchSize.of("tiny"),
            Samples.measured("tiny", 1000, 1000, 0).engine().getFirst(),
            new Gemm(100, 512, false),
            null);

    assertThat(new Bars(List.of(row), List.of(2.9, 3.1, 3.2)).all())
        .filteredOn(bar -> bar.measure().equals("start of a trainer"))
        .extracting(Bar::ok)
        .containsExactly(Bar.Ok.NO);
  }
}
