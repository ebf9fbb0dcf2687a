package dev.modelflow.cli.bench.flows;

import dev.modelflow.cli.stack.JavaCommand;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link BenchWorker} as a process of this machine, without a version. */
public final class WorkerProcess implements RunningWorker {
  private static final long START_SECONDS = 120;
  private static final long END_SECONDS = 60;
  private static final long LOOK_MILLIS = 100;

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a worker and returns when it takes work.
   *
   * @param settings where the services are
   * @param folder an empty one of its own
   */
  public static WorkerProcess start(BenchPool pool, Map<String, String> settings, Path folder)
      throws IOException, InterruptedException {
    Path log = folder.resolve("worker.log");
    List<String> command =
        JavaCommand.light(BenchWorker.class, "512m", pool.word(), "off", folder.toString());
    ProcessBuilder builder = JavaCommand.logged(command, log);
    builder.environment().putAll(settings);
    WorkerProcess worker = new WorkerProcess(builder.start());
    worker.awaitReady(folder, log);
    return worker;
  }

  private void awaitReady(Path folder, Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(BenchWorker.ready(folder))) {
      if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new StackException(
            "The measurement's worker did not start; it said:\n" + Files.readString(log));
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
