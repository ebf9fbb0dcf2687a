package dev.modelflow.worker;

import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.ledger.NewWorker;
import dev.modelflow.ledger.Workers;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's place in the ledger: says every few seconds that it lives, and has it do what people
 * told it there.
 */
final class Registrar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
  private static final Duration HEARD = Duration.ofSeconds(3);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Workers workers;
  private final NewWorker worker;
  private final AttemptRunner runner;
  private final Worker queue;
  private final Thread thread;

  /**
   * The place of a worker that is registered.
   *
   * @param queue where it takes attempts from; must have begun to
   * @param duty what it was told when it registered
   */
  Registrar(
      Workers workers, NewWorker worker, AttemptRunner runner, Worker queue, WorkerDuty duty) {
    this.workers = workers;
    this.worker = worker;
    this.runner = runner;
    this.queue = queue;
    obey(duty);
    this.thread = Thread.ofVirtual().name("registrar").start(this::keepHeard);
  }

  private void keepHeard() {
    while (true) {
      try {
        sayThatItLives();
        Thread.sleep(HEARD);
      } catch (InterruptedException end) {
        return;
      }
    }
  }

  private void sayThatItLives() {
    try {
      Optional<WorkerDuty> duty = workers.heard(worker.id(), String.join(", ", runner.doing()));
      obey(duty.orElseGet(() -> workers.register(worker)));
    } catch (RuntimeException failure) {
      LOG.warn("Could not say that the worker lives: {}", failure.getMessage());
    }
  }

  private void sayThatItEnds() {
    try {
      workers.end(worker.id());
    } catch (RuntimeException failure) {
      LOG.warn("Could not say that the worker ends: {}", failure.getMessage());
    }
  }

  private void obey(WorkerDuty duty) {
    if (duty != runner.duty()) {
      LOG.info("Worker {} is told to be {}", worker.id(), duty);
    }
    // First what is asked for already is refused, then no more is asked for.
    runner.obey(duty);
    if (duty == WorkerDuty.READY) {
      queue.resumePolling();
    } else {
      queue.suspendPolling();
    }
  }

  /** Says that the worker ends, unless the ledger is away: then it will look lost. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      // Else it could say once more that the worker lives.
      thread.join(FAREWELL);
      Thread.ofVirtual().name("farewell").start(this::sayThatItEnds).join(FAREWELL);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
