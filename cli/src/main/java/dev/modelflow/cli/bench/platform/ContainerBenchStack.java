package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.flows.RunningWorker;
import dev.modelflow.cli.server.Setting;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The stack of {@code docker-compose.yml} under a name of its own, its ports on loopback. */
final class ContainerBenchStack implements BenchStack {
  private static final int PORT = 7370;

  private final Path script;
  private final Path secrets;
  private final int port;

  private ContainerBenchStack(Path script, Path secrets, int port) {
    this.script = script;
    this.secrets = secrets;
    this.port = port;
  }

  /**
   * Builds its images where something changed, and starts it.
   *
   * @param state the folder of what lasts, which holds its secrets
   */
  static ContainerBenchStack start(
      Path state, Map<String, String> environment, Consumer<String> say) {
    String root = environment.getOrDefault("MODELFLOW_ROOT", "");
    if (root.isEmpty()) {
      throw new StackException(
          "MODELFLOW_ROOT does not say where docker/bench/stack is: start this as ./modelflow");
    }
    ContainerBenchStack stack =
        new ContainerBenchStack(
            Path.of(root, "docker", "bench", "stack"),
            state.resolve("docker").resolve("bench-secrets"),
            port(environment));
    say.accept("images are built and started");
    stack.script("up");
    return stack;
  }

  private static int port(Map<String, String> environment) {
    String named = environment.getOrDefault("MODELFLOW_BENCH_PORT", "");
    if (named.isEmpty()) {
      return PORT;
    }
    if (!named.matches("[0-9]{1,5}") || Integer.parseInt(named) > 65_532) {
      throw new StackException(
          "MODELFLOW_BENCH_PORT is '" + named + "': expected a number from 1 to 65532");
    }
    return Integer.parseInt(named);
  }

  private String script(String... words) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new StackException(
            "%s failed; what it said stands above".formatted(String.join(" ", command)));
      }
      return said.strip();
    } catch (IOException failure) {
      throw new StackException(
          "%s could not be started: %s".formatted(script, failure.getMessage()), failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the containers", stopped);
    }
  }

  @Override
  public String name() {
    return "containers";
  }

  @Override
  public URI dashboard() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public String token() {
    try {
      return Files.readString(secrets.resolve("api-token")).strip();
    } catch (IOException failure) {
      throw new StackException(
          "The stack's token cannot be read: " + failure.getMessage(), failure);
    }
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    put(settings, Setting.LEDGER_URL, "jdbc:postgresql://127.0.0.1:" + (port + 1) + "/modelflow");
    put(settings, Setting.LEDGER_PASSWORD_FILE, secrets.resolve("ledger-password").toString());
    put(settings, Setting.OBJECTS_URL, "http://127.0.0.1:" + (port + 2));
    put(settings, Setting.OBJECTS_KEY_FILE, secrets.resolve("object-key").toString());
    put(settings, Setting.OBJECTS_SECRET_FILE, secrets.resolve("object-secret").toString());
    put(settings, Setting.TEMPORAL_ADDRESS, "127.0.0.1:" + (port + 3));
    return settings;
  }

  private static void put(Map<String, String> settings, Setting setting, String value) {
    settings.put(setting.variable(), value);
  }

  @Override
  public RunningWorker worker(BenchPool pool) {
    script("worker", pool.word());
    return () -> script("no-worker");
  }

  @Override
  public long webProcess() {
    return Long.parseLong(script("web"));
  }

  @Override
  public void close() {
    script("down");
  }
}
