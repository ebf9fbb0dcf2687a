package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchFolder;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.cli.stack.StackException;
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
   * @throws StackException with the reason when a trainer cannot start on the device
   */
  static List<Double> seconds(Path folder, EngineOptions options) throws IOException {
    BenchSize size = BenchSize.ALL.getFirst();
    Path spec =
        BenchFolder.write(folder, size, Precision.FLOAT32, options.device(), options.threads());
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      all.add(untilStarted(trainer(spec, options.threads())));
    }
    return all;
  }

  private static ProcessBuilder trainer(Path spec, int threads) {
    return TrainerSetup.engineProcess(TrainerMain.class.getName(), threads, spec.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  static double untilStarted(ProcessBuilder builder) throws IOException {
    long start = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JsonMapper.shared().readTree(line);
        switch (event.path("event").asString("")) {
          case "started" -> {
            return (System.nanoTime() - start) / 1e9;
          }
          case "failed" ->
              throw new StackException(
                  "No trainer starts: " + event.path("message").asString("it does not say why"));
          default -> {}
        }
      }
      throw new IOException("The trainer ended before it said that it started");
    } finally {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
