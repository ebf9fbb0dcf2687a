package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.Checkpoints;
import dev.modelflow.bench.EngineReport;
import dev.modelflow.bench.Gemm;
import dev.modelflow.bench.Generation;
import dev.modelflow.bench.Parts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Made-up measurements of a machine with round numbers. */
final class Samples {
  private Samples() {}

  /** A size that took these tokens/s, with PyTorch where its best is above 0. */
  static Measured measured(String size, double float32, double bf16, double pytorch) {
    return new Measured(
        BenchSize.of(size),
        List.of(engine("float32", float32, 100), engine("bf16", bf16, 400)),
        pytorch > 0 ? columns(pytorch) : Map.of());
  }

  private static Measured.Engine engine(String precision, double speed, double gflops) {
    return new Measured.Engine(
        precision, Rate.of(List.of(0.9 * speed, 1.1 * speed, speed)), report(gflops));
  }

  /** Ten million operations a token. */
  static EngineReport report(double gflops) {
    return report(gflops, new Parts(0.5, 0.6, 40, 4), new Checkpoints(4, 200, 1, 3, 100));
  }

  private static EngineReport report(double gflops, Parts parts, Checkpoints checkpoints) {
    return new EngineReport(
        1_850_000,
        1e7,
        640,
        new Gemm(gflops, 1024, false),
        parts,
        checkpoints,
        List.of(new Generation(1, 300), new Generation(64, 3300)));
  }

  /** A line of the small size, whose step takes 200 ms, with these parts and checkpoints. */
  static EngineRow row(Parts parts, Checkpoints checkpoints) {
    return EngineRow.of(
        BenchSize.of("small"),
        new Measured.Engine("float32", Rate.of(List.of(10_240.0)), report(100, parts, checkpoints)),
        new Gemm(100, 1024, false),
        null);
  }

  private static Map<String, Rate> columns(double best) {
    Map<String, Rate> columns = new LinkedHashMap<>();
    columns.put("eager float32", Rate.of(List.of(0.5 * best)));
    columns.put("compile float32", Rate.failed("torch.compile needs a C++ compiler"));
    columns.put("eager bf16", Rate.of(List.of(best)));
    columns.put("compile bf16", Rate.failed("torch.compile needs a C++ compiler"));
    return columns;
  }

  static EngineBenchReport report(Measured... all) {
    return report("cpu", all);
  }

  static EngineBenchReport report(String device, Measured... all) {
    return EngineBenchReport.of(
        EngineOptions.of(device, 2, List.of(), 3, 2),
        "PyTorch 2.10.0 of /python",
        List.of(all),
        List.of(new Start(2, 3), new Start(1.5, 4), new Start(1, 2.5)),
        List.of(memory("float32", 200, 201), memory("bf16", 210, 215.5)));
  }

  /** A trainer that holds these megabytes after a thousand steps and after two thousand. */
  static MemoryRow memory(String precision, double first, double last) {
    return new MemoryRow(precision, 1000, List.of(first, last));
  }
}
