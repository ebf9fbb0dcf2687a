package dev.modelflow.worker;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A worker in a process of its own, which a test can freeze and kill. */
public final class WorkerProcess {
  private WorkerProcess() {}

  /** Starts one that does what {@code config} says with a holding {@link SteppingExecutor}. */
  static Process start(WorkerConfig config) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerProcess.class.getName(),
            config.id(),
            config.pool(),
            config.ledger().url(),
            config.ledger().user(),
            config.ledger().password(),
            config.objects().endpoint(),
            config.objects().accessKey(),
            config.objects().secretKey(),
            config.objects().bucket(),
            config.temporal().address(),
            config.temporal().namespace(),
            config.cache().toString(),
            config.work().toString())
        .redirectErrorStream(true)
        .redirectOutput(config.work().resolveSibling(config.id() + ".log").toFile())
        .start();
  }

  /** Works until it is killed. */
  public static void main(String[] is) throws InterruptedException {
    WorkerConfig config =
        new WorkerConfig(
            is[0],
            is[1],
            List.of(WorkerDevice.cpu()),
            Map.of(),
            new LedgerConfig(is[2], is[3], is[4]),
            new ObjectStoreConfig(is[5], is[6], is[7], is[8]),
            new TemporalConfig(is[9], is[10], Duration.ofDays(7)),
            false,
            Path.of(is[11]),
            1_000_000_000,
            Path.of(is[12]));
    PoolWorker.start(config, List.of(new SteppingExecutor(true)));
    Thread.currentThread().join();
  }
}
