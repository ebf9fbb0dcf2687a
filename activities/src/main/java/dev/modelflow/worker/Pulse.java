package dev.modelflow.worker;

import dev.modelflow.ledger.Attempts;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.FencedException;
import dev.modelflow.ledger.LogChunk;
import dev.modelflow.ledger.Metric;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life signs of one attempt: heartbeats to the workflow engine and to the ledger on threads of
 * their own (so that one that is away does not silence the other), progress, metrics and log in
 * batches. Learns from the answers when the attempt should stop.
 */
final class Pulse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
  private static final Duration BEAT = Duration.ofSeconds(1);

  private final Attempts attempts;
  private final Fence fence;
  private final Consumer<Long> engine;
  private final AtomicReference<@Nullable StopReason> stop = new AtomicReference<>();
  private final AtomicReference<@Nullable Progress> progress = new AtomicReference<>();
  private final Object metricsLock = new Object();
  private final List<Metric> metrics = new ArrayList<>();
  private final LogBuffer log = new LogBuffer();
  private final ReentrantLock flushing = new ReentrantLock();
  private volatile long lastStep;
  private final List<Thread> threads;

  /**
   * Begins to beat.
   *
   * @param engine told the last step with every beat; throws what Temporal's heartbeat throws
   */
  Pulse(Attempts attempts, Fence fence, Consumer<Long> engine) {
    this.attempts = attempts;
    this.fence = fence;
    this.engine = engine;
    this.threads =
        List.of(
            Thread.ofVirtual()
                .name("pulse-engine-" + fence.stage())
                .start(() -> every(this::beatEngine)),
            Thread.ofVirtual()
                .name("pulse-ledger-" + fence.stage())
                .start(() -> every(this::beatLedger)));
  }

  /** Why the attempt should stop; empty while it should go on. */
  Optional<StopReason> stopReason() {
    return Optional.ofNullable(stop.get());
  }

  /** Asks the attempt to stop, unless it was asked before. */
  void stop(StopReason reason) {
    stop.compareAndSet(null, reason);
  }

  void progress(long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond) {
    lastStep = step;
    progress.set(new Progress(step, totalSteps, tokensPerSecond));
  }

  void metrics(long step, Map<String, Double> values) {
    synchronized (metricsLock) {
      values.forEach((name, value) -> metrics.add(new Metric(name, step, value)));
    }
  }

  void log(String text) {
    log.add(text);
  }

  /**
   * Writes all that was reported before the call and waits for what another thread is writing. What
   * could not be written stays for the next time. Throws {@link FencedException} when it is
   * refused.
   */
  void flush() {
    flush(
        said -> {
          if (!said.isEmpty()) {
            attempts.log(fence, said);
          }
        });
  }

  /**
   * The same, where {@code writing} writes what waits of the log, which may be nothing, together
   * with something else.
   */
  void flush(Consumer<List<LogChunk>> writing) {
    flushing.lock();
    try {
      flushMetrics();
      flushProgress();
      List<LogChunk> said = log.waiting();
      writing.accept(said);
      log.written(said);
    } finally {
      flushing.unlock();
    }
  }

  private void flushMetrics() {
    List<Metric> batch;
    synchronized (metricsLock) {
      batch = List.copyOf(metrics);
    }
    if (!batch.isEmpty()) {
      attempts.metrics(fence, batch);
      synchronized (metricsLock) {
        metrics.subList(0, batch.size()).clear();
      }
    }
  }

  private void flushProgress() {
    Progress latest = progress.get();
    if (latest != null) {
      attempts.progress(fence, latest.step, latest.totalSteps, latest.tokensPerSecond);
      progress.compareAndSet(latest, null);
    }
  }

  private void every(Runnable beat) {
    // The beginning of the attempt was its first sign, and many an attempt ends before the next.
    try {
      while (true) {
        Thread.sleep(BEAT);
        beat.run();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void beatEngine() {
    try {
      engine.accept(lastStep);
    } catch (ActivityCanceledException cancelled) {
      stop(StopReason.CANCELLED);
    } catch (ActivityCompletionException gone) {
      // Shutdown of this worker, or an engine that forgot the attempt.
      stop(StopReason.SHUTDOWN);
    } catch (RuntimeException failure) {
      LOG.warn("Heartbeat of {} failed: {}", fence.stage(), failure.getMessage());
    }
  }

  private void beatLedger() {
    try {
      flush();
      if (attempts.heartbeat(fence)) {
        stop(StopReason.CANCELLED);
      }
    } catch (FencedException overtaken) {
      stop.set(StopReason.OVERTAKEN);
    } catch (RuntimeException failure) {
      LOG.warn("Ledger heartbeat of {} failed: {}", fence.stage(), failure.getMessage());
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private record Progress(long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond) {}
}
