package dev.modelflow.cli.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of the stack that is started again when it dies, after a pause that doubles from one
 * second to thirty and starts anew once the process has lived for a minute.
 */
final class Child {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  private final String name;
  private final Starter starter;
  private final Runnable changed;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile @Nullable Process process;
  private volatile String state = "starting";

  /** Starts the process and returns when it is ready. */
  @FunctionalInterface
  interface Starter {
    Process start() throws IOException, InterruptedException;
  }

  Child(String name, Starter starter, Runnable changed) {
    this.name = name;
    this.starter = starter;
    this.changed = changed;
  }

  /** Starts the process once, in this thread, then watches it in one of its own. */
  void start() throws IOException, InterruptedException {
    process = starter.start();
    say("up");
    Thread.ofVirtual().name("watch-" + name).start(this::watch);
  }

  private void watch() {
    Duration pause = Duration.ofSeconds(1);
    try {
      while (!stopping.get()) {
        long began = System.nanoTime();
        Process current = process;
        int code = current == null ? -1 : current.waitFor();
        if (stopping.get()) {
          return;
        }
        if (Duration.ofNanos(System.nanoTime() - began).compareTo(HEALTHY) > 0) {
          pause = Duration.ofSeconds(1);
        }
        LOG.warn("{} ended with code {}; starting it again in {} s", name, code, pause.toSeconds());
        restarts.incrementAndGet();
        say("restarting");
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        again();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void again() throws InterruptedException {
    try {
      if (!stopping.get()) {
        process = starter.start();
        say("up");
      }
    } catch (IOException | RuntimeException failure) {
      LOG.warn("{} did not start: {}", name, failure.getMessage());
    }
  }

  private void say(String fresh) {
    state = fresh;
    changed.run();
  }

  /** Asks the process to end, waits, and kills it when it does not. */
  void stop(Duration grace) {
    stopping.set(true);
    Process current = process;
    if (current != null) {
      current.destroy();
      try {
        if (!current.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("{} did not end within {} s and is killed", name, grace.toSeconds());
          current.destroyForcibly();
        }
      } catch (InterruptedException interrupted) {
        current.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    say("down");
  }

  /** How it stands. */
  StackFile.ServiceState service(@Nullable Integer port) {
    Process current = process;
    return new StackFile.ServiceState(
        name,
        state,
        port,
        current == null ? null : ProcessRecord.of(current.toHandle()),
        restarts.get());
  }
}
