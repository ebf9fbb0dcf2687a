package dev.modelflow.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that holds a stack together: starts its services in order, keeps them, ends them. */
public final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration GRACE = Duration.ofSeconds(55);

  private final StateFolder state;
  private final Ports ports;
  private final List<Service> services;
  private final CountDownLatch over = new CountDownLatch(1);
  private String word = "starting";
  private @Nullable String error;

  private Supervisor(StateFolder state, Ports ports) {
    this.state = state;
    this.ports = ports;
    this.services = new Services(state, ports, this::write).all();
  }

  /** Runs the stack of the state folder that the environment names, until it is asked to end. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    StateFolder state = StateFolder.of(System.getenv());
    state.folder("logs");
    try (FileChannel channel =
            FileChannel.open(
                state.file("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        LOG.info("Another supervisor holds {}", state.root());
        return;
      }
      new Leftovers(state).end();
      new Supervisor(state, Ports.of(System.getenv())).run();
    }
  }

  private void run() throws InterruptedException {
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  over.countDown();
                  joinQuietly(main);
                }));
    if (start()) {
      say("up");
      LOG.info("The stack is up; the dashboard listens on port {}", ports.dashboard());
      over.await();
      say("stopping");
    }
    stop();
    say(error == null ? "down" : "failed");
  }

  private boolean start() {
    write();
    try {
      ports.requireFree();
      for (Service service : services) {
        if (over.getCount() == 0) {
          return false;
        }
        service.start();
        write();
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception | LinkageError failure) {
      LOG.error("The stack did not start", failure);
      error =
          failure instanceof StackException && failure.getMessage() != null
              ? failure.getMessage()
              : "The stack did not start (%s); see %s"
                  .formatted(failure.getMessage(), state.log("supervisor"));
      return false;
    }
  }

  private void stop() {
    // Last started, first ended: workers still need the ledger to say goodbye.
    for (Service service : services.reversed()) {
      try {
        service.stop(GRACE);
      } catch (RuntimeException failure) {
        LOG.warn("A service did not stop", failure);
      }
      write();
    }
  }

  private synchronized void say(String fresh) {
    word = fresh;
    write();
  }

  private synchronized void write() {
    new StackFile(
            ProcessRecord.of(ProcessHandle.current()),
            word,
            ports,
            services.stream().map(Service::state).toList(),
            StackFile.thisBuild(),
            error)
        .write(state);
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
