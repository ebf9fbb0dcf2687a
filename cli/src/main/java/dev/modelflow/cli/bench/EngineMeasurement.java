package dev.modelflow.cli.bench;

import dev.modelflow.bench.EngineBench;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Measures the engine in a process of its own, as a trainer would be started. */
public final class EngineMeasurement {
  private EngineMeasurement() {}

  /**
   * The measurement as {@code EngineReport} describes it.
   *
   * @param threads that the engine uses
   * @param steps to measure of each shape
   * @throws IOException when the process could not be started or failed
   */
  public static JsonNode measure(int threads, int steps) throws IOException, InterruptedException {
    String main = EngineBench.class.getName();
    Process process =
        TrainerSetup.engineProcess(main, threads, "" + threads, "" + steps)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("The engine ended with exit code " + process.exitValue());
    }
    return JsonMapper.shared().readTree(output);
  }
}
