package dev.modelflow.engine.ranks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Runs ranks as threads of this process: for c10d they are as good as processes. */
public final class RankThreads {
  private RankThreads() {}

  /** What each rank does. */
  public interface Work<T> {
    /** Does it; the ranks are closed afterwards. */
    T of(Ranks ranks) throws Exception;
  }

  /** Does {@code work} on {@code size} ranks at once; the results in their order. */
  public static <T> List<T> run(int size, Work<T> work) throws Exception {
    Path store = Files.createTempDirectory("ranks").resolve("store");
    List<Callable<T>> calls =
        IntStream.range(0, size)
            .<Callable<T>>mapToObj(
                rank ->
                    () -> {
                      try (Ranks ranks = Ranks.meet(new Rendezvous(rank, size, store))) {
                        return work.of(ranks);
                      }
                    })
            .toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
      List<Future<T>> pending = calls.stream().map(threads::submit).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> future : pending) {
        results.add(result(future));
      }
      return results;
    }
  }

  private static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
