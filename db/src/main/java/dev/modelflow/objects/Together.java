package dev.modelflow.objects;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work on many objects, some at a time. */
final class Together {
  private Together() {}

  /** A piece of work. */
  @FunctionalInterface
  interface Work<T> {
    void on(T item) throws IOException;
  }

  /** A question. */
  @FunctionalInterface
  interface Test<T> {
    boolean of(T item);
  }

  /** Whether the test holds for all of them; asks no more once it has failed for one. */
  static <T> boolean all(Collection<T> items, int atATime, Test<T> test) {
    AtomicBoolean all = new AtomicBoolean(true);
    try {
      each(
          items,
          atATime,
          item -> {
            if (all.get() && !test.of(item)) {
              all.set(false);
            }
          });
    } catch (IOException impossible) {
      throw new IllegalStateException("A question reads and writes nothing", impossible);
    }
    return all.get();
  }

  /**
   * Does the work on each of them. When it fails on one, the rest that has not begun is left, and
   * what has begun is waited for.
   */
  static <T> void each(Collection<T> items, int atATime, Work<T> work) throws IOException {
    Queue<T> left = new ConcurrentLinkedQueue<>(items);
    Callable<Void> worker =
        () -> {
          try {
            for (T item = left.poll(); item != null; item = left.poll()) {
              work.on(item);
            }
            return null;
          } finally {
            left.clear();
          }
        };
    int workers = Math.min(atATime, items.size());
    await(new ArrayList<>(Collections.nCopies(workers, worker)));
  }

  private static void await(List<Callable<Void>> workers) throws IOException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> worker : threads.invokeAll(workers)) {
        worker.get();
      }
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case RuntimeException cause -> throw cause;
        case IOException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException("Work failed", failure);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException("Was stopped while working on objects", stop);
    }
  }
}
