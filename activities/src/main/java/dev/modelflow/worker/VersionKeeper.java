package dev.modelflow.worker;

import io.grpc.StatusRuntimeException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The versions of one worker, which it keeps claiming new work for as long as it lives. */
final class VersionKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VersionKeeper.class);
  // A worker asks for work at least once a minute.
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final long SOON_MILLIS = 500;
  private static final long LATER_MILLIS = 15_000;
  private static final int PATIENT_LOOKS = 60;

  private final WorkerVersion flows;
  private final WorkerVersion pool;
  private final TemporalConfig temporal;
  private final boolean known;
  private final Thread thread;

  private VersionKeeper(
      WorkerVersion flows,
      WorkerVersion pool,
      TemporalConfig temporal,
      VersionClaims claims,
      boolean known) {
    this.flows = flows;
    this.pool = pool;
    this.temporal = temporal;
    this.known = known;
    this.thread =
        Thread.ofVirtual().name("versions").unstarted(known ? () -> keep(claims) : () -> {});
  }

  /**
   * The versions of a worker of these codes, kind of stage → version; none where it is not to have
   * any, or the engine knows none. Throws {@link StatusRuntimeException} when the engine is away.
   */
  static VersionKeeper of(
      WorkflowServiceStubs stubs, WorkerConfig config, Map<String, String> code) {
    VersionClaims claims = new VersionClaims(stubs, config.temporal(), SILENCE);
    Optional<String> obstacle = claims.obstacle();
    if (config.versioned() && obstacle.isPresent()) {
      LOG.warn(
          "Temporal at {} knows no worker deployments ({}), so old and new workers share new work;"
              + " use Temporal 1.28 or later, or set MODELFLOW_WORKER_VERSIONING to 'off'",
          config.temporal().address(),
          obstacle.get());
    }
    boolean versioned = config.versioned() && obstacle.isEmpty();
    return new VersionKeeper(
        WorkerVersion.ofFlows(versioned),
        WorkerVersion.ofPool(config.pool(), code, versioned),
        config.temporal(),
        claims,
        obstacle.isEmpty());
  }

  /** Whether the engine knows versions of workers. */
  boolean known() {
    return known;
  }

  /** As which workflows and the ledger's calls are taken. */
  WorkerVersion flows() {
    return flows;
  }

  /** As which the pool's attempts are taken. */
  WorkerVersion pool() {
    return pool;
  }

  /** Begins to claim new work; to be called once the worker takes some. */
  void start() {
    thread.start();
  }

  private void keep(VersionClaims claims) {
    int unsettled = 0;
    while (true) {
      Optional<String> obstacle = claim(claims, flows).or(() -> claim(claims, pool));
      unsettled = obstacle.isPresent() ? unsettled + 1 : 0;
      if (unsettled % PATIENT_LOOKS == PATIENT_LOOKS - 1) {
        LOG.warn("This worker gets no new work yet: {}", obstacle.orElse(""));
      }
      try {
        Thread.sleep(obstacle.isPresent() ? SOON_MILLIS : LATER_MILLIS);
      } catch (InterruptedException end) {
        return;
      }
    }
  }

  private Optional<String> claim(VersionClaims claims, WorkerVersion version) {
    try {
      return claims.claim(version);
    } catch (StatusRuntimeException failure) {
      LOG.warn("Could not look who gets new work: {}", EngineFault.explain(failure, temporal));
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
