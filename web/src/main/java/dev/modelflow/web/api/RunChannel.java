package dev.modelflow.web.api;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What is new of one run, for all who watch it: written by one thread, read by many. Holds the
 * newest events only; a reader who is further behind reads the ledger until it has caught up.
 */
final class RunChannel {
  private static final int MOST_EVENTS = 500;

  private final String run;
  private final Deque<Line> events = new ArrayDeque<>();
  private long from;
  private long version;
  private String progress = "";
  private boolean over;
  private boolean closed;

  /**
   * A channel that nothing was published on.
   *
   * @param from the number of the event behind which it begins
   */
  RunChannel(String run, long from) {
    this.run = run;
    this.from = from;
  }

  /** The run's id. */
  String run() {
    return run;
  }

  /** The number of the newest event that it knows. */
  synchronized long newest() {
    return events.isEmpty() ? from : events.getLast().seq();
  }

  /**
   * Tells all readers, if anything is new.
   *
   * @param fresh the events behind {@link #newest}
   * @param state how the run stands, as text
   * @param ended whether the run is over and these are its last events
   */
  synchronized void publish(List<Line> fresh, String state, boolean ended) {
    if (fresh.isEmpty() && state.equals(progress) && ended == over) {
      return;
    }
    events.addAll(fresh);
    while (events.size() > MOST_EVENTS) {
      from = events.removeFirst().seq();
    }
    progress = state;
    over = ended;
    version++;
    notifyAll();
  }

  /** Ends every wait: the server stops. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits for something newer than {@code known}, at most so long, and says how it stands. */
  synchronized News await(long known, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long left = patience.toMillis();
    while (version == known && !closed && left > 0) {
      wait(left);
      left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    }
    return new News(version, from, List.copyOf(events), progress, over, closed);
  }

  /**
   * An event, ready to be sent.
   *
   * @param seq its number
   * @param text as the stream carries it
   */
  record Line(long seq, String text) {}

  /**
   * How a run stands.
   *
   * @param version grows whenever something is new; 0 as long as nothing is known
   * @param from {@code events} are all that follow this number
   * @param progress as the stream carries it
   * @param over whether the run is, and nothing follows these events
   * @param closed whether the server stops
   */
  record News(
      long version, long from, List<Line> events, String progress, boolean over, boolean closed) {
    /** Whether a reader who saw {@code seen} last would miss something. */
    boolean misses(long seen) {
      return seen < from;
    }

    /** The events behind {@code seen}. */
    List<Line> after(long seen) {
      return events.stream().filter(line -> line.seq() > seen).toList();
    }
  }
}
