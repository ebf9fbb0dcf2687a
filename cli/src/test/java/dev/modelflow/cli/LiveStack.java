package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.stack.ProcessRecord;
import dev.modelflow.cli.stack.StackControl;
import dev.modelflow.cli.stack.StackFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The embedded stack in a folder of its own, on free ports, with everything a test does to it. */
final class LiveStack implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Duration RESTART = Duration.ofSeconds(60);

  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private final StackControl control;

  LiveStack(Path home) {
    environment.put("MODELFLOW_HOME", home.toString());
    environment.put("MODELFLOW_PORT", "0");
    control = new StackControl(environment);
  }

  void up() {
    control.up(service -> {});
  }

  boolean down() {
    return control.down();
  }

  StackFile file() {
    return control.living().orElseThrow();
  }

  Api api() {
    return new Api(
        URI.create("http://127.0.0.1:" + file().ports().dashboard()),
        control.state().token().orElseThrow());
  }

  /** The run as it stands; a server that is being restarted is asked again. */
  Run run(String id) throws InterruptedException {
    long deadline = System.nanoTime() + RESTART.toNanos();
    while (true) {
      try {
        return api().get(Api.path("runs", id), Run.class);
      } catch (ApiException failure) {
        boolean passing = failure.status() == 0 || failure.status() >= 500;
        if (!passing || System.nanoTime() > deadline) {
          throw failure;
        }
      }
      Thread.sleep(100);
    }
  }

  String post(String path, Map<String, ?> body) {
    return api().post(path, body).path("id").asString("");
  }

  /** Waits until the run is as wanted; fails loudly when it takes too long. */
  Run await(String id, Predicate<Run> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Run run = run(id);
      if (wanted.test(run)) {
        return run;
      }
      if (run.isOver() || System.nanoTime() > deadline) {
        throw new AssertionError("The run did not come there: " + run);
      }
      Thread.sleep(100);
    }
  }

  /** Runs a command as a process of its own. */
  Result command(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /** How a command ended. */
  record Result(int code, String output) {}

  /** The service's process; one that was killed is waited for. */
  ProcessHandle service(String name) throws InterruptedException {
    long deadline = System.nanoTime() + RESTART.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<ProcessHandle> living =
          file().services().stream()
              .filter(service -> service.name().equals(name))
              .findFirst()
              .flatMap(service -> Optional.ofNullable(service.process()))
              .flatMap(ProcessRecord::living);
      if (living.isPresent()) {
        return living.get();
      }
      Thread.sleep(20);
    }
    throw new AssertionError("Service " + name + " does not live");
  }

  /** The trainer process, which lives while a stage of the GPU pool is under way. */
  Optional<ProcessHandle> trainer() throws InterruptedException {
    return service("gpu-worker").children().findFirst();
  }

  /** Kills every process of the stack at once, as a power cut would. */
  void killEverything() throws InterruptedException {
    ProcessHandle supervisor = file().supervisor().living().orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(supervisor.descendants().toList());
    all.add(supervisor);
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : all) {
      process.onExit().join();
    }
  }

  @Override
  public void close() {
    control.down();
  }
}
