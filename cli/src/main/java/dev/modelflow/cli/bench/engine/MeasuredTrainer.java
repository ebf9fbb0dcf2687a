package dev.modelflow.cli.bench.engine;

import dev.modelflow.cli.stack.StackException;
import dev.modelflow.pool.TrainerSetup;
import dev.modelflow.trainer.TrainerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trainer whose events are followed as far as they are of use; close it to end it. */
final class MeasuredTrainer implements AutoCloseable {
  private final long start = System.nanoTime();
  private final Process process;
  private final BufferedReader lines;

  private MeasuredTrainer(ProcessBuilder builder) throws IOException {
    process = builder.start();
    lines = process.inputReader();
  }

  /** One for the stage of this spec, to be started as a worker would. */
  static ProcessBuilder of(Path spec, EngineOptions options) {
    return TrainerSetup.engineProcess(
            TrainerMain.class.getName(), options.threads(), spec.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Starts a trainer, or what says the same. */
  static MeasuredTrainer start(ProcessBuilder builder) throws IOException {
    return new MeasuredTrainer(builder);
  }

  /**
   * Reads on until it says that it started.
   *
   * @throws StackException with the reason when it fails before
   */
  void awaitStart() throws IOException {
    await(event -> event.path("event").asString("").equals("started"));
  }

  /**
   * Reads on until it shows the curves' point at this step, which it does when the step is made.
   *
   * @throws StackException with the reason when it fails before
   */
  void awaitPoint(int step) throws IOException {
    await(
        event ->
            event.path("event").asString("").equals("metrics")
                && event.path("step").asInt(0) >= step);
  }

  private void await(Predicate<JsonNode> wanted) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode event = JsonMapper.shared().readTree(line);
      if (wanted.test(event)) {
        return;
      }
      if (event.path("event").asString("").equals("failed")) {
        throw new StackException(
            "No trainer starts: " + event.path("message").asString("it does not say why"));
      }
    }
    throw new IOException("The trainer ended before it was measured");
  }

  /** Seconds since before the process was started. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Of its process. */
  long id() {
    return process.pid();
  }

  /** Kills it and waits for its end, after which it writes nothing any more. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
