package dev.modelflow.objects;

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

/** Work on many things, some at a time. */
public final class Together {
  private Together() {}

  /**
   * A piece of work.
   *
   * @param <T> what it is done on
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    /** Does it. */
    void on(T item) throws X;
  }

  /** A question. */
  @FunctionalInterface
  interface Test<T> {
    boolean of(T item);
  }

  /** Whether the test holds for all of them; asks no more once it has failed for one. */
  static <T> boolean all(Collection<T> items, int atATime, Test<T> test) {
    AtomicBoolean all = new AtomicBoolean(true);
    each(
        items,
        atATime,
        item -> {
          if (all.get() && !test.of(item)) {
            all.set(false);
          }
        });
    return all.get();
  }

  /**
   * Does the work on each of them. When it fails on one, the rest that has not begun is left, and
   * what has begun is waited for.
   *
   * @param atATime on how many at a time, each in a thread of its own
   * @throws X what the work threw
   * @throws ObjectStoreException when the calling thread is interrupted
   */
  public static <T, X extends Exception> void each(
      Collection<T> items, int atATime, Work<T, X> work) throws X {
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
    Together.<X>await(new ArrayList<>(Collections.nCopies(workers, worker)));
  }

  // Work throws nothing else that is checked.
  @SuppressWarnings("unchecked")
  private static <X extends Exception> void await(List<Callable<Void>> workers) throws X {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> worker : threads.invokeAll(workers)) {
        worker.get();
      }
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case Exception cause -> throw (X) cause;
        case null, default -> throw new IllegalStateException("Work failed", failure);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException("Was stopped while working on objects", stop);
    }
  }
}
