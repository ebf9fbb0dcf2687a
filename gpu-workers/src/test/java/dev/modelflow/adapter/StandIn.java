package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.Defaults;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The adapter as the process that it is, over a stand-in for the trainer of others. */
final class StandIn {
  /** A Python that stands for one with OLMo-core and open-instruct. */
  static final Path PYTHON =
      Path.of("src/test/resources/adapters/stand-in-python").toAbsolutePath();

  private static final Path PROGRAMS =
      Path.of("src/test/resources/adapters/checkout/open_instruct").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path folder;

  StandIn(Path folder) {
    this.folder = folder;
  }

  /** A checkout of open-instruct whose programs are stand-ins. */
  static OpenInstruct checkout(Path folder) throws IOException {
    Path bin = Files.createDirectories(folder.resolve(".venv/bin"));
    Files.createSymbolicLink(bin.resolve("python"), PYTHON);
    Files.createSymbolicLink(folder.resolve("open_instruct"), PROGRAMS);
    return new OpenInstruct(folder);
  }

  /** The same with stand-ins that misbehave. */
  static OpenInstruct checkout(Path folder, String wish) throws IOException {
    OpenInstruct tool = checkout(folder);
    Path python = Path.of(tool.python());
    Files.delete(python);
    Files.writeString(python, "#!/bin/sh\nSTAND_IN=%s exec %s \"$@\"\n".formatted(wish, PYTHON));
    assertThat(python.toFile().setExecutable(true)).isTrue();
    return tool;
  }

  /** What a trainer said and how it ended. */
  record Ended(List<JsonNode> events, int status) {
    JsonNode last() {
      return events.getLast();
    }

    List<JsonNode> of(String kind) {
      return events.stream().filter(it -> it.path("event").asString().equals(kind)).toList();
    }

    List<Integer> steps(String kind) {
      return of(kind).stream().map(it -> it.path("step").asInt()).toList();
    }

    /** The folder of the checkpoint after this step. */
    Path checkpoint(int step) {
      return of("checkpoint").stream()
          .filter(it -> it.path("step").asInt() == step)
          .map(it -> Path.of(it.path("path").asString()))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Writes a tokenizer and a token set into the folder. */
  void makeInputs() throws IOException {
    Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(folder);
    try (TokenSetWriter writer = new TokenSetWriter(folder, Digests.of(tokenizer).hex())) {
      for (int i = 0; i < 50; i++) {
        int[] ids = new int[10 + i % 20];
        for (int k = 0; k < ids.length; k++) {
          ids[k] = 10 + (i + k) % 200;
        }
        writer.add("d" + i, "counting", ids, 40);
      }
    }
  }

  /**
   * A spec that pretrains for so many steps with a checkpoint every five.
   *
   * @param name of the attempt's folder
   * @param resume JSON
   * @param more keys of the stage
   */
  Path spec(String name, int steps, String resume, Map<String, Object> more) throws IOException {
    Map<String, Object> parameters =
        Defaults.fill(
            StageKind.PRETRAIN,
            32,
            Map.of(
                "steps",
                steps,
                "rows",
                3,
                "learningRate",
                0.01,
                "mix",
                Map.of("counting", 1),
                "metricsEvery",
                4,
                "checkpointEvery",
                5));
    parameters.putAll(more);
    Path attempt = Files.createDirectories(folder.resolve(name));
    return Files.writeString(
        attempt.resolve("spec.json"),
        """
        {"contract": 1, "run": "r", "stage": "base", "kind": "pretrain", "epoch": 1, "seed": 3,
         "model": {"layers": 2, "width": 8, "heads": 2, "feedForward": 12, "vocabulary": 260,
                   "context": 32, "slidingWindow": 8, "ropeBase": 10000.0},
         "parameters": %s,
         "inputs": {"tokenizer": "%s", "tokens.counting": "%s"},
         "resume": %s, "output": "%s",
         "device": {"kind": "cpu", "threads": 1, "precision": "float32"}}
        """
            .formatted(
                JsonMapper.shared().writeValueAsString(parameters),
                folder,
                folder,
                resume,
                attempt.resolve("output")));
  }

  /**
   * Starts the adapter.
   *
   * @param wish how the stand-in should misbehave; empty: not at all
   */
  Process start(Path spec, String wish) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AdapterMain.class.getName(),
                "olmo-core",
                PYTHON.toString(),
                spec.toString())
            .directory(spec.toFile().getParentFile());
    builder.environment().put("STAND_IN", wish);
    builder.redirectError(spec.resolveSibling("log").toFile());
    return builder.start();
  }

  /** Reads events to the end; {@code each} sees every one at once. */
  static Ended follow(Process process, Consumer<JsonNode> each) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JsonMapper.shared().readTree(line);
        events.add(event);
        each.accept(event);
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return new Ended(events, process.exitValue());
    }
  }

  /** Runs a spec to its end. */
  Ended run(Path spec, String wish) throws Exception {
    return follow(start(spec, wish), event -> {});
  }
}
