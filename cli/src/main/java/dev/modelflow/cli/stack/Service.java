package dev.modelflow.cli.stack;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One of the things that a stack consists of. */
interface Service {
  /** Returns when it can be used. */
  void start() throws Exception;

  /** Ends it; a process of its own gets so much time to end by itself. */
  void stop(Duration grace);

  /** How it stands. */
  StackFile.ServiceState state();

  /** A service that lives in the supervisor's own process. */
  static Service inside(String name, @Nullable Integer port, Callable<AutoCloseable> starter) {
    return new Service() {
      private volatile @Nullable AutoCloseable running;

      @Override
      public void start() throws Exception {
        running = starter.call();
      }

      @Override
      public void stop(Duration grace) {
        AutoCloseable current = running;
        running = null;
        if (current != null) {
          try {
            current.close();
          } catch (Exception failure) {
            throw new StackException("The service '" + name + "' did not stop", failure);
          }
        }
      }

      @Override
      public StackFile.ServiceState state() {
        return new StackFile.ServiceState(name, running == null ? "down" : "up", port, null, 0);
      }
    };
  }

  /** A service that is a process of its own. */
  static Service process(Child child, @Nullable Integer port) {
    return new Service() {
      @Override
      public void start() throws Exception {
        child.start();
      }

      @Override
      public void stop(Duration grace) {
        child.stop(grace);
      }

      @Override
      public StackFile.ServiceState state() {
        return child.service(port);
      }
    };
  }
}
