package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchFolder;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.pool.TrainerSetup;
import dev.modelflow.trainer.TrainerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts trainers of the tiny flow's model and sees how long each takes to its first event. */
final class StartMeasure {
  private static final int TIMES = 5;

  private StartMeasure() {}

  /**
   * Seconds from before a process is started until it says {@code started}, of some trainers one
   * after the other.
   *
   * @param folder empty or not there
   */
  static List<Double> seconds(Path folder, int threads) throws IOException {
    BenchSize size = BenchSize.ALL.getFirst();
    Path spec = BenchFolder.write(folder, size, Precision.FLOAT32, threads);
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      all.add(untilStarted(spec, threads));
    }
    return all;
  }

  private static double untilStarted(Path spec, int threads) throws IOException {
    ProcessBuilder builder =
        TrainerSetup.engineProcess(TrainerMain.class.getName(), threads, spec.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JsonMapper.shared().readTree(line);
        if (event.path("event").asString("").equals("started")) {
          return (System.nanoTime() - start) / 1e9;
        }
      }
      throw new IOException("The trainer ended before it said that it started");
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
