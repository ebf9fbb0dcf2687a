package dev.modelflow.cli.server;

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
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker of one pool as a process of its own. */
public final class WorkerMain {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

  // A tiny model keeps no more threads busy, and their number is part of the result's bytes.
  private static final int MOST_THREADS = 4;

  private WorkerMain() {}

  /** Works until the process is asked to end. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      WorkerConfig config = config(new Settings(System.getenv()));
      PoolWorker worker = PoolWorker.start(config, executors(config));
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
      LOG.info("Worker {} of pool {} is ready", config.id(), config.pool());
      // The folder was emptied at the start, so this file says that the worker is ready.
      Files.createFile(config.work().resolve("ready"));
    } catch (SettingException wrong) {
      wrong.end();
    }
    Thread.currentThread().join();
  }

  private static WorkerConfig config(Settings settings) throws IOException {
    String pool = settings.text(Setting.WORKER_POOL);
    String name = settings.text(Setting.WORKER_NAME);
    return new WorkerConfig(
        name.isEmpty() ? pool + "-" + InetAddress.getLocalHost().getHostName() : name,
        pool,
        List.of("cpu"),
        settings.ledger(),
        settings.objects(),
        settings.temporal(),
        settings.on(Setting.WORKER_VERSIONING),
        Path.of(settings.text(Setting.WORKER_CACHE)),
        settings.bytes(Setting.WORKER_CACHE_BYTES),
        Path.of(settings.text(Setting.WORKER_FOLDER)));
  }

  private static List<StageExecutor> executors(WorkerConfig config) {
    return switch (config.pool()) {
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
      default ->
          throw new SettingException(
              "%s is '%s': expected cpu or gpu"
                  .formatted(Setting.WORKER_POOL.variable(), config.pool()));
    };
  }
}
