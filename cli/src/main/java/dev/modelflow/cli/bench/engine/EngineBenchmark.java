package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.ProcessMemory;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures the engine in processes of its own, each started as a trainer would be. */
public final class EngineBenchmark {
  private EngineBenchmark() {}

  /**
   * Measures every size, one after the other.
   *
   * @param progress is told what is being done
   * @throws StackException when trainers cannot start on the device
   * @throws IOException when a process could not be started or failed
   */
  public static EngineBenchReport measure(
      EngineOptions options, Pytorch pytorch, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("modelflow-bench-engine");
    try {
      progress.accept("starting trainers");
      List<Start> starts = StartMeasure.measure(folder.resolve("start"), options);
      List<MemoryRow> memory = memory(folder, options, progress);
      List<Measured> all = new ArrayList<>();
      for (BenchSize size : options.sizes()) {
        Path own = folder.resolve(size.name());
        try (SizeMeasure measure = new SizeMeasure(options, size, pytorch, own, progress)) {
          all.add(measure.measure());
        }
      }
      return EngineBenchReport.of(options, pytorch.said(), all, starts, memory);
    } finally {
      Folders.delete(folder);
    }
  }

  /** Only a processor's, whose memory is all that the engine needs there. */
  private static List<MemoryRow> memory(
      Path folder, EngineOptions options, Consumer<String> progress) throws IOException {
    List<MemoryRow> rows = new ArrayList<>();
    if (options.memorySteps() > 0 && options.device() == Device.CPU && ProcessMemory.isCounted()) {
      for (Precision precision : Precision.values()) {
        progress.accept(
            "memory over %d steps in %s".formatted(options.memorySteps(), precision.word()));
        Path own = folder.resolve("memory").resolve(precision.word());
        rows.add(MemoryMeasure.measure(own, precision, options));
      }
    }
    return rows;
  }
}
