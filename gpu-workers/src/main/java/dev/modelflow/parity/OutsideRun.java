package dev.modelflow.parity;

import dev.modelflow.calibrate.Tuning;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.pool.TrainerSetup;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One attempt of a trainer under the trainer contract, and what it said. */
final class OutsideRun {
  static final String CPU = "cpu";
  private static final List<String> COUNTS = List.of(GuardState.SKIPPED_STEPS, "filteredRows");

  /** What is done to a trainer while it runs. */
  interface Meddler {
    /** Nothing. */
    Meddler NONE = (run, trainer) -> {};

    /** Asks it to stop at its first word, long before its first step is made. */
    Meddler STOPS = (run, trainer) -> trainer.destroy();

    /** The trainer has said something more. */
    void after(OutsideRun run, ProcessHandle trainer);

    /** Kills it when it announces the checkpoint of this step. */
    static Meddler killsAt(int step) {
      return (run, trainer) -> {
        if (run.checkpoints.containsKey(step)) {
          trainer.destroyForcibly();
        }
      };
    }
  }

  private final Map<Integer, Double> losses = new TreeMap<>();
  private final Map<String, Integer> counted = new TreeMap<>();
  private final NavigableMap<Integer, Path> checkpoints = new TreeMap<>();
  private int started = -1;
  private int status;
  private double tokensPerSecond;

  /** One that has said nothing yet. */
  OutsideRun() {}

  /** The loss of every step. */
  Map<Integer, Double> losses() {
    return losses;
  }

  /** How often it skipped a step and filtered a row, by the curves' names; nothing of others. */
  Map<String, Integer> counted() {
    return counted;
  }

  /** The folder of the checkpoint after each step that has one. */
  Map<Integer, Path> checkpoints() {
    return checkpoints;
  }

  /** The step that it said it goes on after; -1 if it said none. */
  int started() {
    return started;
  }

  int status() {
    return status;
  }

  /** What it said of its speed at last. */
  double tokensPerSecond() {
    return tokensPerSecond;
  }

  /**
   * Starts a trainer and follows it to its end.
   *
   * @param device {@code cpu}, or {@code cuda:0} for the first GPU that this process is shown
   * @param folder of its own
   */
  static OutsideRun of(
      TrainerSetup trainer, String device, Path folder, Map<String, Object> spec, Meddler meddler)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Map<String, Object> whole = new LinkedHashMap<>(spec);
    whole.put("output", folder.resolve("output").toString());
    Path file =
        Files.write(folder.resolve("spec.json"), JsonMapper.shared().writeValueAsBytes(whole));
    List<String> command = new ArrayList<>(trainer.command());
    command.add(file.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("log").toFile());
    Tuning.add(trainer.environment(), builder.environment());
    if (device.equals(CPU)) {
      builder.environment().put("CUDA_VISIBLE_DEVICES", "");
    } else {
      builder.environment().putIfAbsent("CUDA_VISIBLE_DEVICES", "0");
    }
    Process process = builder.start();
    OutsideRun run = new OutsideRun();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        run.take(JsonMapper.shared().readTree(line));
        meddler.after(run, process.toHandle());
      }
    }
    run.status = process.waitFor();
    return run;
  }

  /** Notes an event. */
  void take(JsonNode event) {
    int step = event.path("step").asInt();
    switch (event.path("event").asString("")) {
      case "started" -> started = step;
      case "progress" -> tokensPerSecond = event.path("tokensPerSecond").asDouble();
      case "metrics" -> metrics(step, event.path("values"));
      case "checkpoint" -> checkpoints.put(step, Path.of(event.path("path").asString()));
      case "failed" -> System.out.println("  " + event.path("message").asString());
      default -> {}
    }
  }

  private void metrics(int step, JsonNode values) {
    losses.put(step, values.path("loss").asDouble());
    for (String count : COUNTS) {
      if (values.has(count)) {
        counted.merge(count, (int) values.path(count).asDouble(), Integer::sum);
      }
    }
  }

  /** A checkpoint as the part {@code resume} of a spec. */
  static Map<String, Object> resume(Path checkpoint, int step) {
    return Map.of("checkpoint", checkpoint.toString(), "step", step);
  }

  /** The last of its checkpoints; null if it made none. */
  @Nullable Path last() {
    return checkpoints.isEmpty() ? null : checkpoints.lastEntry().getValue();
  }

  /** The step of that checkpoint; 0 if it made none. */
  int lastStep() {
    return checkpoints.isEmpty() ? 0 : checkpoints.lastKey();
  }
}
