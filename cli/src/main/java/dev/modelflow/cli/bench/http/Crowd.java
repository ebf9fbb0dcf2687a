package dev.modelflow.cli.bench.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Does something many times, some at a time, each time as soon as the last one is done. */
public final class Crowd {
  private final int members;

  /** A crowd of so many. */
  public Crowd(int members) {
    this.members = members;
  }

  /** One of the many; throws when it was not answered as it should be. */
  @FunctionalInterface
  public interface Deed {
    void doIt(int number) throws Exception;
  }

  /**
   * Does it {@code times} times, numbered from 0, and says how long each took.
   *
   * @throws IOException when one failed
   */
  public Latencies times(int times, Deed deed) throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Callable<List<Double>>> parts = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      parts.add(() -> part(next, times, deed));
    }
    List<Double> taken = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<Double>> part : threads.invokeAll(parts)) {
        taken.addAll(part.get());
      }
    } catch (ExecutionException failure) {
      throw new IOException("A request failed: " + failure.getMessage(), failure);
    }
    return Latencies.of(taken);
  }

  private static List<Double> part(AtomicInteger next, int times, Deed deed) throws Exception {
    List<Double> taken = new ArrayList<>();
    for (int number = next.getAndIncrement(); number < times; number = next.getAndIncrement()) {
      long began = System.nanoTime();
      deed.doIt(number);
      taken.add((System.nanoTime() - began) / 1e6);
    }
    return taken;
  }
}
