package dev.modelflow.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that each run libtorch on one core. Small tensors gain more from whole
 * pieces of a batch side by side than from threads inside each operation, and the order in which
 * lanes' results are added does not depend on timing.
 */
public final class Lanes implements AutoCloseable {
  private final List<ExecutorService> threads = new ArrayList<>();
  private final SignOfLife sign;

  /** Starts a lane for each of so many threads; on a GPU there is one, which keeps it busy. */
  public Lanes(int wanted) {
    this(wanted, SignOfLife.NONE);
  }

  /** The same, whose work says by {@code sign} that it goes on. */
  public Lanes(int wanted, SignOfLife sign) {
    this.sign = sign;
    LibTorch.start();
    int count = LibTorch.device().lanes(wanted);
    for (int lane = 0; lane < count; lane++) {
      String name = "lane-" + lane;
      threads.add(
          Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory()));
    }
    run(
        lane -> {
          torch.set_num_threads(1);
          return lane;
        });
  }

  /** How many lanes run side by side. */
  public int count() {
    return threads.size();
  }

  /** Work on a lane says that a part of it is done. */
  public void goesOn() {
    sign.goesOn();
  }

  /**
   * Runs {@code work} on every lane, each in a scope that frees its tensors, and returns the
   * results in the order of lanes. The first failure, in that order, is thrown after all have
   * ended.
   */
  public <T> List<T> run(IntFunction<T> work) {
    List<Future<T>> pending = new ArrayList<>();
    for (int i = 0; i < threads.size(); i++) {
      int lane = i;
      pending.add(threads.get(i).submit(() -> scoped(work, lane)));
    }
    awaitAll(pending);
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    for (Future<T> future : pending) {
      switch (future.state()) {
        case SUCCESS -> results.add(future.resultNow());
        default -> failure = failure == null ? future.exceptionNow() : failure;
      }
    }
    throwIfAny(failure);
    return results;
  }

  /** As it is: its class says who can mend it. */
  private static void throwIfAny(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException refused -> throw refused;
      case Error broken -> throw broken;
      default -> throw new IllegalStateException(failure);
    }
  }

  /**
   * Whoever is interrupted still owns what the lanes work with: it is told when they have ended.
   */
  private static void awaitAll(List<? extends Future<?>> pending) {
    boolean interrupted = false;
    for (Future<?> future : pending) {
      while (!future.isDone()) {
        try {
          future.get();
        } catch (ExecutionException failed) {
          break;
        } catch (InterruptedException told) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T scoped(IntFunction<T> work, int lane) {
    try (PointerScope _ = new PointerScope()) {
      return work.apply(lane);
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::close);
  }
}
