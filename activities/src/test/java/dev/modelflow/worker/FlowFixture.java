package dev.modelflow.worker;

import dev.modelflow.dispatch.RunDispatcher;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A ledger, a store, a workflow engine, a dispatcher and workers, each of which can be restarted.
 */
public final class FlowFixture implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

  private final LedgerFixture services;
  private final Engine engine = Engine.start();
  private final Path folder;
  private final List<PoolWorker> workers = new ArrayList<>();
  private final TemporalConfig temporal;
  private final RunDispatcher dispatcher;

  /** Everything but workers; {@code folder} holds caches and working folders. */
  public FlowFixture(Path folder) {
    this(folder, UnaryOperator.identity());
  }

  /** The same, where the engine is spoken to as {@code how} says. */
  FlowFixture(Path folder, UnaryOperator<TemporalConfig> how) {
    this(folder, new LedgerFixture(), how);
  }

  /** The same on these ledger and store, which are closed with it. */
  FlowFixture(Path folder, LedgerFixture services, UnaryOperator<TemporalConfig> how) {
    this.folder = folder;
    this.services = services;
    this.temporal = how.apply(engine.config());
    this.dispatcher = new RunDispatcher(services.ledger(), temporal);
  }

  /** How the workflow engine is spoken to. */
  TemporalConfig temporal() {
    return temporal;
  }

  /** The ledger. */
  public Ledger ledger() {
    return services.ledger();
  }

  /** Ledger and store. */
  public LedgerFixture services() {
    return services;
  }

  /** Starts a worker with one device. */
  public PoolWorker work(String pool, StageExecutor... executors) {
    return work(config(pool + "-" + workers.size(), pool, false), executors);
  }

  /** Starts a worker with one device that takes over from those of older versions. */
  PoolWorker workVersioned(String pool, StageExecutor... executors) {
    return work(config(pool + "-" + workers.size(), pool, true), executors);
  }

  private PoolWorker work(WorkerConfig config, StageExecutor... executors) {
    try {
      PoolWorker worker = PoolWorker.start(config, List.of(executors));
      workers.add(worker);
      return worker;
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  /** The configuration of a worker with one device. */
  public WorkerConfig config(String id, String pool) {
    return config(id, pool, false);
  }

  private WorkerConfig config(String id, String pool, boolean versioned) {
    return new WorkerConfig(
        id,
        pool,
        List.of(WorkerDevice.cpu()),
        Map.of("zone", "a"),
        services.ledgerConfig(),
        services.storeConfig(),
        temporal,
        versioned,
        folder.resolve("cache"),
        1_000_000_000,
        folder.resolve("work-" + id));
  }

  /** Has the workflow engine lose all that it knows. */
  public void forgetWorkflows() {
    engine.forget(services.ledger());
  }

  /** Waits until the run has ended. */
  public RunStatus await(String runId) {
    Instant deadline = Instant.now().plus(LONGEST_WAIT);
    while (Instant.now().isBefore(deadline)) {
      Run run = ledger().runs().get(runId);
      if (run.ended()) {
        return run.status();
      }
      pause();
    }
    throw new AssertionError("Run " + runId + " did not end: " + ledger().stages().of(runId));
  }

  /** Waits a moment. */
  public static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  @Override
  public void close() {
    workers.forEach(PoolWorker::close);
    dispatcher.close();
    engine.close();
    services.close();
  }
}
