package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchFolder;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts trainers of the tiny flow's model and sees how long each takes to its first events. */
final class StartMeasure {
  private static final int TIMES = 5;

  private StartMeasure() {}

  /**
   * Starts some trainers, one after the other.
   *
   * @param folder empty or not there
   * @throws StackException with the reason when a trainer cannot start on the device
   */
  static List<Start> measure(Path folder, EngineOptions options) throws IOException {
    Path spec =
        BenchFolder.write(
            folder,
            BenchSize.ALL.getFirst(),
            Precision.FLOAT32,
            options.device(),
            options.threads(),
            Map.of("metricsEvery", 1));
    List<Start> all = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      try (MeasuredTrainer trainer = MeasuredTrainer.start(MeasuredTrainer.of(spec, options))) {
        all.add(of(trainer));
      }
    }
    return all;
  }

  static Start of(MeasuredTrainer trainer) throws IOException {
    trainer.awaitStart();
    double started = trainer.seconds();
    trainer.awaitPoint(1);
    return new Start(started, trainer.seconds());
  }
}
