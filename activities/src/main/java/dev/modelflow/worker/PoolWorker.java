package dev.modelflow.worker;

import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.NewWorker;
import dev.modelflow.objects.ArtifactCache;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.workflow.FlowWorkflowImpl;
import dev.modelflow.workflow.RunActivities;
import dev.modelflow.workflow.StageWorkflowImpl;
import dev.modelflow.workflow.TaskQueues;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of one pool: runs attempts from the pool's queue, one a device, and helps with workflows
 * and ledger calls. Outlives restarts of ledger, store and workflow engine.
 */
public final class PoolWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PoolWorker.class);
  private static final Duration GRACE = Duration.ofSeconds(45);
  private static final Duration LONGEST_MEMORY = Duration.ofSeconds(3);

  private final Ledger ledger;
  private final ObjectStore store;
  private final WorkflowServiceStubs stubs;
  private final WorkerFactory factory;
  private final AttemptRunner runner;
  private final VersionKeeper versions;
  private final Registrar registrar;

  private PoolWorker(
      Ledger ledger,
      ObjectStore store,
      WorkflowServiceStubs stubs,
      WorkerFactory factory,
      AttemptRunner runner,
      VersionKeeper versions,
      Registrar registrar) {
    this.ledger = ledger;
    this.store = store;
    this.stubs = stubs;
    this.factory = factory;
    this.runner = runner;
    this.versions = versions;
    this.registrar = registrar;
  }

  /** Connects, registers in the ledger and begins to work; waits for services that are not up. */
  public static PoolWorker start(WorkerConfig config, List<StageExecutor> executors)
      throws InterruptedException {
    Ledger ledger = Ledger.open(config.ledger());
    ObjectStore store = ObjectStore.open(config.objects());
    WorkflowServiceStubs stubs = TemporalClients.stubs(config.temporal());
    WorkFolder.fresh(config.work());
    ArtifactCache cache = new ArtifactCache(config.cache(), config.cacheBytes(), store);
    // A worker that was killed could not do so after its last attempt.
    cache.trim();
    AttemptRunner runner =
        new AttemptRunner(ledger, store, cache, config.work(), config.id(), executors);
    NewWorker worker = describe(config, runner);
    // What it was told before it started anew holds from its first moment.
    WorkerDuty duty = ledger.workers().register(worker);
    runner.obey(duty);
    VersionKeeper versions =
        patiently(
            config.temporal(),
            () -> {
              TemporalClients.ensureNamespace(stubs, config.temporal());
              return VersionKeeper.of(stubs, config, runner.codeVersions());
            });
    WorkerFactory factory =
        factory(
            TemporalClients.client(stubs, config.temporal()),
            config,
            runner,
            new RunActivitiesImpl(ledger, store),
            versions);
    patiently(
        config.temporal(),
        () -> {
          factory.start();
          return factory;
        });
    versions.start();
    Registrar registrar =
        new Registrar(ledger.workers(), worker, runner, factory.getWorker(config.pool()), duty);
    return new PoolWorker(ledger, store, stubs, factory, runner, versions, registrar);
  }

  private static WorkerFactory factory(
      WorkflowClient client,
      WorkerConfig config,
      AttemptRunner runner,
      RunActivitiesImpl calls,
      VersionKeeper versions) {
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client, WorkerFactoryOptions.newBuilder().setUsingVirtualWorkflowThreads(true).build());
    Worker flows = factory.newWorker(TaskQueues.FLOWS, flows(versions));
    flows.registerWorkflowImplementationTypes(FlowWorkflowImpl.class, StageWorkflowImpl.class);
    flows.registerActivitiesImplementations(calls);
    factory
        .newWorker(
            TaskQueues.LEDGER,
            helper(versions.flows()).setMaxConcurrentActivityExecutionSize(8).build())
        .registerActivitiesImplementations(Heartbeats.around(RunActivities.class, calls));
    Worker pool =
        factory.newWorker(
            config.pool(),
            helper(versions.pool())
                .setMaxConcurrentActivityExecutionSize(config.devices().size())
                .setMaxHeartbeatThrottleInterval(Duration.ofSeconds(2))
                .setAllowActivityHeartbeatDuringShutdown(true)
                .build());
    pool.registerActivitiesImplementations(runner);
    return factory;
  }

  /**
   * A worker is given the next step of a workflow that it remembers, unless it does not take it at
   * once. The engine in memory, which knows no versions either, would wait for it for ever, also
   * when it was killed: there, any worker takes each step and reads the short history again.
   */
  private static WorkerOptions flows(VersionKeeper versions) {
    return helper(versions.flows())
        .setStickyQueueScheduleToStartTimeout(versions.known() ? LONGEST_MEMORY : Duration.ZERO)
        .setLocalActivityWorkerOnly(true)
        .build();
  }

  private static WorkerOptions.Builder helper(WorkerVersion version) {
    return version
        .options()
        .setUsingVirtualThreads(true)
        .setMaxConcurrentActivityTaskPollers(1)
        .setMaxConcurrentWorkflowTaskPollers(2);
  }

  private static NewWorker describe(WorkerConfig config, AttemptRunner runner) {
    Map<String, String> code = runner.codeVersions();
    return new NewWorker(
        config.id(),
        config.pool(),
        AttemptEnvironment.host(),
        ProcessHandle.current().pid(),
        Machine.cores(),
        Machine.memory(),
        config.devices(),
        config.labels(),
        WorkerVersion.ofPool(config.pool(), code, true).build(),
        code);
  }

  /** Repeats a call of the engine until it answers. */
  private static <T> T patiently(TemporalConfig temporal, Supplier<T> call)
      throws InterruptedException {
    while (true) {
      try {
        return call.get();
      } catch (RuntimeException away) {
        LOG.warn("{}; trying again", EngineFault.explain(away, temporal));
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  /**
   * Asks running attempts to stop with a last checkpoint, waits for them within a grace period, and
   * disconnects.
   */
  @Override
  public void close() {
    factory.shutdown();
    runner.shutDown();
    factory.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS);
    factory.shutdownNow();
    registrar.close();
    versions.close();
    stubs.shutdown();
    store.close();
    ledger.close();
  }
}
