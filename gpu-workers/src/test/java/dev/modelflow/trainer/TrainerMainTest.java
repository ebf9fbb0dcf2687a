package dev.modelflow.trainer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.Defaults;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the trainer as the process that the trainer contract describes. */
class TrainerMainTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  /** What a trainer said and how it ended. */
  private record Ended(List<JsonNode> events, int status) {
    List<String> kinds() {
      return events.stream().map(event -> event.path("event").asString()).distinct().toList();
    }

    JsonNode last() {
      return events.getLast();
    }
  }

  @BeforeEach
  void makeInputs() throws IOException {
    Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(folder);
    try (TokenSetWriter writer = new TokenSetWriter(folder, Digests.of(tokenizer).hex())) {
      for (int i = 0; i < 50; i++) {
        int[] ids = new int[20];
        for (int k = 0; k < ids.length; k++) {
          ids[k] = 10 + (i + k) % 200;
        }
        writer.add("d" + i, "counting", ids, 40);
      }
    }
  }

  private Path spec(int steps, String rate, String resume) throws IOException {
    return Files.writeString(
        folder.resolve("spec.json"),
        """
        {"contract": 1, "run": "r", "stage": "base", "kind": "pretrain", "epoch": 1, "seed": 3,
         "model": {"layers": 2, "width": 16, "heads": 2, "feedForward": 24, "vocabulary": 260,
                   "context": 32, "slidingWindow": 8, "ropeBase": 10000.0},
         "parameters": %s,
         "inputs": {"tokenizer": "%s", "tokens.counting": "%s"},
         "resume": %s, "output": "%s",
         "device": {"kind": "cpu", "threads": 2, "precision": "float32"}}
        """
            .formatted(parameters(steps, rate), folder, folder, resume, folder.resolve("output")));
  }

  private static String parameters(int steps, String rate) {
    JsonMapper json = JsonMapper.shared();
    Map<String, Object> given =
        Map.of(
            "steps",
            steps,
            "rows",
            4,
            "learningRate",
            json.readValue(rate, Object.class),
            "mix",
            Map.of("counting", 1),
            "checkpointEvery",
            10);
    return json.writeValueAsString(Defaults.fill(StageKind.PRETRAIN, 32, given));
  }

  private Process start(Path spec) throws IOException {
    return start(TrainerMain.class, spec);
  }

  private Process start(Class<?> main, Path spec) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            spec.toString());
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    builder.redirectError(folder.resolve("log").toFile());
    return builder.start();
  }

  /** Reads events to the end; asks the trainer to stop after the first checkpoint if wanted. */
  private static Ended follow(Process process, boolean stopAfterCheckpoint) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JsonMapper.shared().readTree(line);
        events.add(event);
        if (stopAfterCheckpoint && event.path("event").asString().equals("checkpoint")) {
          // Process.destroy() would also close the stream that the last events come through.
          process.toHandle().destroy();
        }
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return new Ended(events, process.exitValue());
    }
  }

  @Test
  void aStageRunsToItsEnd() throws Exception {
    Ended ended = follow(start(spec(20, "0.01", "null")), false);

    assertThat(ended.status()).isZero();
    assertThat(ended.kinds())
        .containsExactlyInAnyOrder("started", "progress", "metrics", "checkpoint", "done");
    JsonNode checkpoint = ended.last().path("outputs").path("checkpoint");
    assertThat(checkpoint.path("kind").asString()).isEqualTo("checkpoint");
    assertThat(Path.of(checkpoint.path("path").asString()))
        .isEqualTo(folder.resolve("output/step-20"))
        .isDirectoryContaining("glob:**/model.safetensors")
        .isDirectoryContaining("glob:**/trainer_state.json")
        .isDirectoryContaining("glob:**/tokenizer.json");
  }

  @Test
  void whatNativeCodeWritesIsNoEvent() throws Exception {
    Process process = start(Talker.class, spec(20, "0.01", "null"));
    Ended ended = follow(process, false);

    assertThat(ended.kinds()).containsExactly("stopped");
    assertThat(ended.last().path("step").asInt(-1)).isZero();
    assertThat(Files.readString(folder.resolve("log"))).contains("[Gloo] connected\n");
  }

  /** A trainer whose native code writes to standard output. */
  public static final class Talker {
    private Talker() {}

    /** Says a line behind Java's back. */
    public static void main(String[] arguments) {
      TrainerProgram.run(arguments, (_, _) -> talk());
    }

    @SuppressWarnings("restricted")
    private static StageResult talk() {
      Linker linker = Linker.nativeLinker();
      MethodHandle write =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("write"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
      try (Arena arena = Arena.ofConfined()) {
        String line = "[Gloo] connected\n";
        long written = (long) write.invokeExact(1, arena.allocateFrom(line), (long) line.length());
        return new StageResult.Stopped(written == line.length() ? 0 : 1);
      } catch (Throwable broken) {
        throw new IllegalStateException(broken);
      }
    }
  }

  @Test
  void aStopIsAnsweredWithALastCheckpointAndStatusThree() throws Exception {
    Ended stopped = follow(start(spec(100_000, "0.01", "null")), true);

    assertThat(stopped.status()).isEqualTo(3);
    assertThat(stopped.last().path("event").asString()).isEqualTo("stopped");
    int step = stopped.last().path("step").asInt();
    JsonNode before = stopped.events().get(stopped.events().size() - 2);
    assertThat(before.path("event").asString()).isEqualTo("checkpoint");
    assertThat(before.path("step").asInt()).isEqualTo(step);

    String resume =
        "{\"checkpoint\": \"%s\", \"step\": %d}".formatted(before.path("path").asString(), step);
    Ended resumed = follow(start(spec(step + 5, "0.01", resume)), false);
    assertThat(resumed.events().getFirst().path("step").asInt()).isEqualTo(step);
    assertThat(resumed.status()).isZero();
  }

  @Test
  void aRecipeThatCannotWorkFailsWithItsClassAndASentence() throws Exception {
    Ended ended = follow(start(spec(20, "\"fast\"", "null")), false);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.last().path("event").asString()).isEqualTo("failed");
    assertThat(ended.last().path("class").asString()).isEqualTo("recipe");
    assertThat(ended.last().path("message").asString())
        .isEqualTo("stages.base.learningRate is \"fast\": use a number of at least 0.0");
  }

  @Test
  void aSpecThatIsNotThereIsThePlatformsFault() throws Exception {
    Ended ended = follow(start(folder.resolve("nothing.json")), false);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.last().path("class").asString()).isEqualTo("platform");
  }

  @Test
  void aGpuThatIsNotThereIsThePlatformsFault() throws Exception {
    Path spec = spec(20, "0.01", "null");
    Files.writeString(spec, Files.readString(spec).replace("\"cpu\"", "\"cuda:0\""));

    Ended ended = follow(start(spec), false);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.last().path("class").asString()).isEqualTo("platform");
    assertThat(ended.last().path("message").asString())
        .containsAnyOf("This libtorch has no CUDA: build with -Pcuda", "CUDA finds no GPU here");
  }
}
