package dev.modelflow.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The processes of an attempt's trainer: one, or several ranks that train together. The first
 * leads: its events are the attempt's. None goes on without the others.
 */
final class TrainerRanks implements AutoCloseable {
  /** Exit status of a rank that could not go on because another one was gone. */
  static final int LOST_OTHERS = 5;

  private static final int DONE = 0;
  private static final int STOPPED = 3;

  private final List<TrainerProcess> ranks;

  TrainerRanks(List<TrainerProcess> ranks) {
    this.ranks = List.copyOf(ranks);
  }

  /** The next event of the leading rank; null when none comes in time. */
  @Nullable TrainerEvent next(Duration wait) throws InterruptedException {
    return ranks.getFirst().next(wait);
  }

  /** Whether a rank behind the leading one has ended otherwise than when all is done. */
  boolean anyFell() {
    return ranks.stream().skip(1).anyMatch(rank -> !rank.isAlive() && !inOrder(rank.status()));
  }

  private static boolean inOrder(int status) {
    return status == DONE || status == STOPPED;
  }

  /** SIGTERM to all: asks for a last checkpoint. */
  void terminate() {
    ranks.forEach(TrainerProcess::terminate);
  }

  /** SIGKILL to all. */
  void kill() {
    ranks.forEach(TrainerProcess::kill);
  }

  /**
   * Waits for all to end, and kills what then still lives; how each ended, in order.
   *
   * @param wait for each while none has fallen
   * @param moment for each of the others once one has
   */
  List<TrainerEnd> end(Duration wait, Duration moment) throws InterruptedException {
    List<TrainerEnd> ends = new ArrayList<>();
    boolean fell = anyFell();
    for (TrainerProcess rank : ranks) {
      TrainerEnd end = rank.end(fell ? moment : wait);
      ends.add(end);
      fell |= !inOrder(end.status());
    }
    return ends;
  }

  /** Does {@code then} once all have ended, which may have been before. */
  void onceEnded(Runnable then) {
    AtomicInteger left = new AtomicInteger(ranks.size());
    for (TrainerProcess rank : ranks) {
      rank.onceEnded(
          () -> {
            if (left.decrementAndGet() == 0) {
              then.run();
            }
          });
    }
  }

  /** The last lines of the leading rank's standard error. */
  String errorTail() {
    return ranks.getFirst().errorTail();
  }

  /** Kills those that still live, and reads what they said to the end. */
  @Override
  public void close() {
    kill();
    ranks.forEach(TrainerProcess::close);
  }
}
