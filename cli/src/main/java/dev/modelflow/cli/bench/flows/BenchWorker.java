package dev.modelflow.cli.bench.flows;

import dev.modelflow.cli.server.Settings;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.worker.PoolWorker;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The platform's worker, as a process of its own, around work that is next to nothing. */
public final class BenchWorker {
  private static final int ATTEMPTS_AT_ONCE = 8;
  private static final long CACHE_BYTES = 1_000_000_000;

  private BenchWorker() {}

  /**
   * Works until the process is asked to end.
   *
   * @param arguments its pool, whether it has a version ({@code on} or {@code off}), and its folder
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String pool = arguments[0];
    Path folder = Path.of(arguments[2]);
    Settings settings = new Settings(System.getenv());
    WorkerConfig config =
        new WorkerConfig(
            pool + "-1",
            pool,
            Collections.nCopies(ATTEMPTS_AT_ONCE, WorkerDevice.cpu()),
            Map.of(),
            settings.ledger(),
            settings.objects(),
            settings.temporal(),
            arguments[1].equals("on"),
            folder.resolve("cache"),
            CACHE_BYTES,
            work(folder));
    StageExecutor executor =
        pool.equals(BenchPool.TICKING.word()) ? new TickingExecutor() : new TrivialExecutor();
    PoolWorker worker = PoolWorker.start(config, List.of(executor));
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    Files.createFile(ready(folder));
    Thread.currentThread().join();
  }

  private static Path work(Path folder) {
    return folder.resolve("work");
  }

  /**
   * The file that says that the worker of this folder takes work: where every worker's is that runs
   * in a container.
   */
  static Path ready(Path folder) {
    return work(folder).resolve("ready");
  }
}
