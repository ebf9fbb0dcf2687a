package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.flows.RunningWorker;
import dev.modelflow.cli.bench.flows.WorkerProcess;
import dev.modelflow.cli.stack.StackControl;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StackFile;
import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** An embedded stack in a folder and on ports of its own. */
final class EmbeddedBenchStack implements BenchStack {
  private final Path home;
  private final StackControl control;
  private final StackFile stack;

  private EmbeddedBenchStack(Path home, StackControl control, StackFile stack) {
    this.home = home;
    this.control = control;
    this.stack = stack;
  }

  /** Starts it in a fresh folder below {@code parent}. */
  static EmbeddedBenchStack start(
      Path parent, Map<String, String> environment, Consumer<String> say) {
    Path home = fresh(parent);
    Map<String, String> own = new HashMap<>(environment);
    own.put("MODELFLOW_HOME", home.toString());
    own.put("MODELFLOW_PORT", "0");
    StackControl control = new StackControl(own);
    return new EmbeddedBenchStack(
        home, control, control.up(service -> say.accept(service + " is up")));
  }

  private static Path fresh(Path parent) {
    try {
      return Files.createTempDirectory(Files.createDirectories(parent), "bench");
    } catch (IOException failure) {
      throw new StackException(
          "No folder can be made in %s: %s".formatted(parent, failure.getMessage()), failure);
    }
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public URI dashboard() {
    return URI.create("http://127.0.0.1:" + stack.ports().dashboard());
  }

  @Override
  public String token() {
    return control.state().token().orElseThrow();
  }

  @Override
  public Map<String, String> settings() {
    return control.settings(stack);
  }

  @Override
  public RunningWorker worker(BenchPool pool) throws IOException, InterruptedException {
    return WorkerProcess.start(
        pool, settings(), Files.createDirectories(home.resolve(pool.word())));
  }

  @Override
  public long webProcess() {
    return stack.supervisor().pid();
  }

  @Override
  public void close() {
    control.down();
    try {
      Folders.delete(home);
    } catch (IOException failure) {
      throw new StackException(
          "%s could not be deleted: %s; delete it by hand".formatted(home, failure.getMessage()),
          failure);
    }
  }
}
