package dev.modelflow.cli.bench.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.modelflow.bench.Gemm;
import dev.modelflow.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run has measured.
 *
 * @param device that each side computed on
 * @param threads that each side used
 * @param rounds of each column
 * @param secondsOfRound at least
 * @param pytorchSaid its version, or why there is none
 * @param peaks the best matrix product at each precision
 * @param engine a line for each size and precision
 * @param pytorch a line for each size and column
 * @param starts of each trainer that was started
 * @param memory a line for each precision; none where it is not followed
 * @param bars what was asked for; none on a GPU, since they are those of a processor
 */
public record EngineBenchReport(
    String device,
    int threads,
    int rounds,
    double secondsOfRound,
    String pytorchSaid,
    Map<String, Gemm> peaks,
    List<EngineRow> engine,
    List<PytorchRow> pytorch,
    List<Start> starts,
    List<MemoryRow> memory,
    List<Bar> bars) {
  /** Copies the collections. */
  public EngineBenchReport {
    peaks = Collections.unmodifiableMap(new LinkedHashMap<>(peaks));
    engine = List.copyOf(engine);
    pytorch = List.copyOf(pytorch);
    starts = List.copyOf(starts);
    memory = List.copyOf(memory);
    bars = List.copyOf(bars);
  }

  static EngineBenchReport of(
      EngineOptions options,
      String pytorchSaid,
      List<Measured> all,
      List<Start> starts,
      List<MemoryRow> memory) {
    Map<String, Gemm> peaks = peaks(all);
    List<EngineRow> engine = new ArrayList<>();
    List<PytorchRow> pytorch = new ArrayList<>();
    for (Measured measured : all) {
      Rate best = best(measured);
      for (Measured.Engine own : measured.engine()) {
        Gemm peak = peaks.getOrDefault(own.precision(), own.report().gemm());
        engine.add(EngineRow.of(measured.size(), own, peak, best));
      }
      measured
          .pytorch()
          .forEach(
              (column, rate) -> pytorch.add(new PytorchRow(measured.size().name(), column, rate)));
    }
    return new EngineBenchReport(
        options.device().kind(),
        options.threads(),
        options.rounds(),
        options.seconds(),
        pytorchSaid,
        peaks,
        engine,
        pytorch,
        starts,
        memory,
        options.device() == Device.CPU ? new Bars(engine, starts, memory).all() : List.of());
  }

  /** How each line's {@code peakShare} comes of its {@code operationsPerToken}. */
  @JsonProperty
  public String peakShareFormula() {
    return "peakShare: " + String.join(" ", EngineRow.PEAK_SHARE);
  }

  /** Whether no bar was missed. */
  public boolean held() {
    return bars.stream().noneMatch(bar -> bar.ok() == Bar.Ok.NO);
  }

  private static Map<String, Gemm> peaks(List<Measured> all) {
    Map<String, Gemm> peaks = new LinkedHashMap<>();
    for (Measured measured : all) {
      for (Measured.Engine own : measured.engine()) {
        peaks.merge(own.precision(), own.report().gemm(), Gemm::max);
      }
    }
    return peaks;
  }

  private static @Nullable Rate best(Measured measured) {
    return measured.pytorch().values().stream()
        .filter(Rate::measured)
        .max((a, b) -> Double.compare(a.tokensPerSecond(), b.tokensPerSecond()))
        .orElse(null);
  }
}
