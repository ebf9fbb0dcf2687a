package dev.modelflow.pool;

import dev.modelflow.calibrate.Tuning;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running trainer: its events in a queue, its standard error in the attempt's log, and the
 * signals. Its standard input is a pipe that only closes with this process, so that it knows when
 * to die.
 */
final class TrainerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainerProcess.class);

  // A child of the trainer may keep its standard error open.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  // A process that waits for a driver cannot be killed before that answers.
  private static final Duration DEATH = Duration.ofSeconds(60);

  private final Process process;
  private final int rank;
  private final BlockingQueue<TrainerEvent> events = new LinkedBlockingQueue<>();
  private final ErrorTail errors = new ErrorTail();
  private final Thread eventReader;
  private final Thread errorReader;
  private volatile TrainerEvent.@Nullable Failed said;
  private volatile boolean killed;

  private TrainerProcess(Process process, int rank, StageContext context) {
    this.process = process;
    this.rank = rank;
    String stage = context.stage();
    this.eventReader = Thread.ofVirtual().name("trainer-events-" + stage).start(this::readEvents);
    this.errorReader =
        Thread.ofVirtual().name("trainer-errors-" + stage).start(() -> readErrors(context));
  }

  /**
   * Starts a trainer in the context's working folder.
   *
   * @param environment added to the worker's own, without what that says of kernels and memory
   * @param rank its number among those that train together; of all but the first, only why they
   *     fail is heard
   */
  static TrainerProcess start(
      List<String> command, Map<String, String> environment, int rank, StageContext context)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(context.workFolder().toFile());
    Tuning.add(environment, builder.environment());
    return new TrainerProcess(builder.start(), rank, context);
  }

  private void readEvents() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(TrainerEvents.parse(line));
      }
    } catch (IOException gone) {
      LOG.debug("Standard output of trainer {} ended: {}", process.pid(), gone.getMessage());
    } finally {
      events.add(new TrainerEvent.End());
    }
  }

  private void hear(TrainerEvent event) {
    if (event instanceof TrainerEvent.Failed failed) {
      said = failed;
    }
    if (rank == 0) {
      events.add(event);
    }
  }

  private void readErrors(StageContext context) {
    String who = rank == 0 ? "" : "rank " + rank + ": ";
    try (BufferedReader lines = process.errorReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        errors.add(line);
        context.log(who + line);
        LOG.info("[{}] {}", context.stage(), line);
      }
    } catch (IOException gone) {
      LOG.debug("Standard error of trainer {} ended: {}", process.pid(), gone.getMessage());
    }
  }

  /** The next event; null when none comes in time. */
  @Nullable TrainerEvent next(Duration wait) throws InterruptedException {
    return events.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** SIGTERM: asks for a last checkpoint. */
  void terminate() {
    // Process.destroy() would also close the pipes: the trainer's last words would be lost, and the
    // end of its standard input would tell it that its worker is gone.
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() {
    if (process.isAlive()) {
      killed = true;
    }
    process.toHandle().destroyForcibly();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status of a process that has ended. */
  int status() {
    return process.exitValue();
  }

  /**
   * Waits for the process to end and returns how it did; kills it when that takes too long.
   *
   * @throws StageFailedException when it cannot be killed either
   */
  TrainerEnd end(Duration wait) throws InterruptedException {
    if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StageFailedException(
            FailureClass.PLATFORM,
            "The trainer (process %d) cannot be killed; its device is not used until it ends: look at the machine"
                .formatted(process.pid()));
      }
    }
    eventReader.join(LAST_WORDS);
    errorReader.join(LAST_WORDS);
    return new TrainerEnd(rank, process.exitValue(), killed, said, errors.text());
  }

  /** Does {@code then} once the process has ended, which may have been before. */
  void onceEnded(Runnable then) {
    Thread.ofVirtual()
        .name("trainer-end-" + process.pid())
        .start(
            () -> {
              process.onExit().join();
              then.run();
            });
  }

  /** The last lines of standard error. */
  String errorTail() {
    return errors.text();
  }

  /** Kills it when it still lives, and reads what it said to the end. */
  @Override
  public void close() {
    kill();
    try {
      if (!process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.error("Trainer {} cannot be killed", process.pid());
      }
      errorReader.join(LAST_WORDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
