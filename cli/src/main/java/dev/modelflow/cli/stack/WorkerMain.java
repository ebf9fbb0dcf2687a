package dev.modelflow.cli.stack;

import dev.modelflow.audit.Audits;
import dev.modelflow.curate.CurateExecutor;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.pool.Device;
import dev.modelflow.pool.GpuStageExecutor;
import dev.modelflow.pool.TrainerSetup;
import dev.modelflow.release.ReleaseExecutor;
import dev.modelflow.synthesize.SynthesizeExecutor;
import dev.modelflow.worker.PoolWorker;
import dev.modelflow.worker.StageExecutor;
import dev.modelflow.worker.WorkerConfig;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of the embedded stack as a process of its own. It ends with its supervisor, whose end it
 * notices by the end of its standard input.
 */
public final class WorkerMain {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

  // A tiny model keeps no more threads busy, and their number is part of the result's bytes.
  private static final int MOST_THREADS = 4;

  private WorkerMain() {}

  /** Works for the pool that the first argument names, {@code cpu} or {@code gpu}. */
  public static void main(String[] arguments) throws Exception {
    String pool = arguments[0];
    Thread.ofPlatform().daemon().name("parent").start(WorkerMain::endWithParent);
    StateFolder state = StateFolder.of(System.getenv());
    StackFile stack = StackFile.read(state).orElseThrow();
    Secrets secrets = Secrets.of(state);
    WorkerConfig config =
        new WorkerConfig(
            pool + "-1",
            pool,
            List.of("cpu"),
            Services.ledger(stack.ports(), secrets),
            Services.objects(stack.ports(), secrets),
            "127.0.0.1:" + stack.ports().temporal(),
            state.folder("cache"),
            state.folder("work").resolve(pool));
    PoolWorker worker = PoolWorker.start(config, executors(pool, config));
    LOG.info("Worker of pool {} is ready", pool);
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    Thread.currentThread().join();
  }

  private static List<StageExecutor> executors(String pool, WorkerConfig config) {
    return switch (pool) {
      case "cpu" ->
          List.of(
              new SynthesizeExecutor(),
              new CurateExecutor(),
              new ReleaseExecutor(new Audits(Ledger.open(config.ledger()))::of));
      case "gpu" -> {
        int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        yield List.of(
            new GpuStageExecutor(TrainerSetup.engine(threads), List.of(Device.cpu(threads))));
      }
      default -> throw new IllegalArgumentException("The stack has no pool '" + pool + "'");
    };
  }

  /** The supervisor is gone: nobody would restart or end this process, so it must not linger. */
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        LOG.debug("The supervisor wrote something; nothing is expected");
      }
    } catch (IOException gone) {
      LOG.debug("Standard input ended", gone);
    }
    Runtime.getRuntime().halt(1);
  }
}
