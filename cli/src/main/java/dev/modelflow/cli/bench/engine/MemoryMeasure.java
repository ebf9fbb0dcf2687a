package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchFolder;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.ProcessMemory;
import dev.modelflow.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Follows the memory of a trainer's process over many steps of a very small model, so that what a
 * step leaves behind would be much beside the rest.
 */
final class MemoryMeasure {
  private static final int READINGS = 10;
  private static final int CHECKPOINTS_BETWEEN = 2;

  /**
   * More than such a model needs, touched at the start: the JVM would begin with a part of the
   * machine's memory and touch it by and by, which would look like growth.
   */
  private static final String HEAP = "-Xms64m -XX:+AlwaysPreTouch";

  private static final String JAVA_OPTIONS = "JDK_JAVA_OPTIONS";

  /** Of heads that attention in bf16 takes; the first layer has a window, the last has none. */
  private static final BenchSize SIZE = new BenchSize("memory", 2, 32, 1, 32, 300, 32, 8, 2);

  private MemoryMeasure() {}

  /**
   * Has a trainer make as many steps as the options say.
   *
   * @param folder empty or not there
   */
  static MemoryRow measure(Path folder, Precision precision, EngineOptions options)
      throws IOException {
    int every = options.memorySteps() / READINGS;
    Path spec =
        BenchFolder.write(
            folder,
            SIZE,
            precision,
            options.device(),
            options.threads(),
            Map.of("metricsEvery", every, "checkpointEvery", every / CHECKPOINTS_BETWEEN));
    ProcessBuilder builder = MeasuredTrainer.of(spec, options);
    builder.environment().merge(JAVA_OPTIONS, HEAP, (others, heap) -> others + " " + heap);
    List<Double> megabytes = new ArrayList<>();
    try (MeasuredTrainer trainer = MeasuredTrainer.start(builder)) {
      for (int reading = 1; reading <= READINGS; reading++) {
        trainer.awaitPoint(reading * every);
        megabytes.add(ProcessMemory.megabytes(trainer.id()));
      }
    }
    return new MemoryRow(precision.word(), every, megabytes);
  }
}
