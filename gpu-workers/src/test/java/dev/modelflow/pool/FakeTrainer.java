package dev.modelflow.pool;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trainer under docs/trainer-contract.md whose model is a chain of hashes: the state after a step
 * is the hash of the state before it, so that a lost or repeated step shows in the last digest. Its
 * parameters make it misbehave: {@code crashAt}, {@code hangAt} (each once), {@code failAt}, all on
 * the rank {@code onRank} alone, and {@code lie}. Its ranks do not know of each other, but where
 * one of two crashes, it does so once the other one has come to {@link #HELD_AT}, which that one
 * does not leave. With {@code tell} it says what an environment variable of that name holds. With
 * {@code alone} it fails beside another trainer of the same scratch folder.
 */
public final class FakeTrainer {
  /** Where a rank stays that could not go on without the one that crashes. */
  private static final int HELD_AT = 10;

  /** The file in the scratch folder that says that one has hung, which it does once. */
  static final String HUNG = "hung";

  private static final String HELD = "held";

  private static final AtomicBoolean STOP = new AtomicBoolean();

  private FakeTrainer() {}

  /** How workers start it: with more time for everything than it takes on a busy machine. */
  static TrainerSetup setup() {
    return setup(Duration.ofMinutes(1));
  }

  /** The same, where it is taken for hung after so long without a word. */
  static TrainerSetup setup(Duration silence) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            FakeTrainer.class.getName());
    return new TrainerSetup(command, Map.of(), true, "fake 1", Duration.ofMinutes(1), silence);
  }

  /** Runs the spec whose path is the only argument. */
  public static void main(String[] arguments) throws Exception {
    dieWithWorker();
    Runtime.getRuntime().addShutdownHook(new Thread(FakeTrainer::stopAndWait));
    Path spec = Path.of(arguments[0]);
    int status = run(JsonMapper.shared().readTree(Files.readString(spec)));
    System.out.flush();
    Runtime.getRuntime().halt(status);
  }

  private static void dieWithWorker() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException gone) {
                System.err.println("Standard input broke");
              }
              Runtime.getRuntime().halt(9);
            });
  }

  private static void stopAndWait() {
    STOP.set(true);
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private static int run(JsonNode spec) throws IOException, InterruptedException {
    JsonNode parameters = spec.path("parameters");
    int steps = parameters.path("steps").asInt();
    Path alone = Path.of(parameters.path("scratch").asString(), "alone");
    if (parameters.path("alone").asBoolean(false)) {
      Files.createFile(alone);
    }
    String variable = parameters.path("tell").asString("");
    if (!variable.isEmpty()) {
      System.err.println(variable + " is '" + System.getenv(variable) + "'");
    }
    int every = parameters.path("checkpointEvery").asInt(5);
    Path output = Path.of(spec.path("output").asString());
    String state = "seed " + spec.path("seed").asLong();
    int step = 0;
    JsonNode resume = spec.path("resume");
    if (resume.isObject() && !parameters.path("lie").asBoolean(false)) {
      step = resume.path("step").asInt();
      state = Files.readString(Path.of(resume.path("checkpoint").asString(), "state.txt"));
    }
    say("{\"event\":\"started\",\"step\":%d,\"totalSteps\":%d}".formatted(step, steps));
    while (step < steps) {
      if (STOP.get()) {
        checkpoint(output, step, state);
        say("{\"event\":\"stopped\",\"step\":%d}".formatted(step));
        return 3;
      }
      Thread.sleep(parameters.path("stepMillis").asInt(2));
      state = Digest.of(state).hex();
      step++;
      if (spec.path("ranks").path("rank").asInt(0) == parameters.path("onRank").asInt(0)) {
        misbehave(spec, step);
      } else if (step == HELD_AT && parameters.has("crashAt") && first(parameters, HELD)) {
        while (!STOP.get()) {
          Thread.sleep(10);
        }
        continue;
      }
      say("{\"event\":\"progress\",\"step\":%d,\"totalSteps\":%d}".formatted(step, steps));
      say(
          "{\"event\":\"metrics\",\"step\":%d,\"values\":{\"loss\":%d}}"
              .formatted(step, 100 - step));
      if (step % every == 0 || step == steps) {
        checkpoint(output, step, state);
      }
    }
    Files.deleteIfExists(alone);
    say(
        """
        {"event":"done","outputs":{"checkpoint":{"kind":"checkpoint","path":"output/step-%d"}}}\
        """
            .formatted(steps));
    return 0;
  }

  private static void misbehave(JsonNode spec, int step) throws IOException, InterruptedException {
    JsonNode parameters = spec.path("parameters");
    if (parameters.path("crashAt").asInt(-1) == step && first(parameters, "crashed")) {
      if (spec.path("ranks").isObject()) {
        while (!Files.exists(marker(parameters, HELD))) {
          Thread.sleep(10);
        }
      }
      System.err.println("Out of memory, or so");
      Runtime.getRuntime().halt(137);
    }
    if (parameters.path("hangAt").asInt(-1) == step && first(parameters, HUNG)) {
      Thread.sleep(600_000);
    }
    if (parameters.path("failAt").asInt(-1) == step) {
      say(
          "{\"event\":\"failed\",\"class\":\"data\",\"message\":\"Shard 3 is empty; curate again\"}");
      Runtime.getRuntime().halt(1);
    }
  }

  private static boolean first(JsonNode parameters, String what) throws IOException {
    Path marker = marker(parameters, what);
    if (Files.exists(marker)) {
      return false;
    }
    Files.writeString(marker, "");
    return true;
  }

  private static Path marker(JsonNode parameters, String what) {
    return Path.of(parameters.path("scratch").asString(), what);
  }

  private static void checkpoint(Path output, int step, String state) throws IOException {
    Path folder = output.resolve("step-" + step);
    if (!Files.exists(folder)) {
      Path partial = Files.createDirectories(output.resolve("partial-" + step));
      Files.writeString(partial.resolve("state.txt"), state);
      Files.move(partial, folder);
    }
    say(
        "{\"event\":\"checkpoint\",\"step\":%d,\"tokens\":%d,\"path\":\"%s\"}"
            .formatted(step, step * 10, folder));
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
