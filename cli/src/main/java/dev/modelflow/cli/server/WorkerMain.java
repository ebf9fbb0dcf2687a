package dev.modelflow.cli.server;

import dev.modelflow.worker.PoolWorker;
import dev.modelflow.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker of one pool as a process of its own. */
public final class WorkerMain {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

  private WorkerMain() {}

  /** Works until the process is asked to end. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      WorkerSetup setup = WorkerSetup.of(new Settings(System.getenv()), System.getenv());
      WorkerConfig config = setup.config();
      PoolWorker worker = PoolWorker.start(config, setup.executors());
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
      LOG.info("Worker {} of pool {} is ready", config.id(), config.pool());
      // The folder was emptied at the start, so this file says that the worker is ready.
      Files.createFile(config.work().resolve("ready"));
    } catch (SettingException wrong) {
      wrong.end();
    }
    Thread.currentThread().join();
  }
}
