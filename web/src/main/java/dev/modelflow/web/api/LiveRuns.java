package dev.modelflow.web.api;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.EventQueries;
import dev.modelflow.read.EventView;
import dev.modelflow.read.LiveQueries;
import dev.modelflow.read.LiveRun;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at all runs that are watched, once for everyone who watches: the ledger has the same work
 * for one reader and for hundreds. Looks only while somebody watches.
 */
final class LiveRuns implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRuns.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Set<RunStatus> OVER =
      EnumSet.of(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED);

  private final Function<Map<String, Long>, Map<String, LiveRun>> look;
  private final JsonMapper json;
  private final Pace pace = new Pace();
  private final Map<String, Watched> watched = new HashMap<>();
  private @Nullable Thread looking;

  @Autowired
  LiveRuns(LiveQueries ledger, JsonMapper json) {
    this(ledger::look, json);
  }

  LiveRuns(Function<Map<String, Long>, Map<String, LiveRun>> look, JsonMapper json) {
    this.look = look;
    this.json = json;
  }

  /**
   * The channel of a run; each call needs a {@link #leave}.
   *
   * @param newest the number of an event that the run has, behind which a new channel begins
   */
  synchronized RunChannel join(String run, long newest) {
    Watched found = watched.computeIfAbsent(run, id -> new Watched(new RunChannel(id, newest)));
    found.readers++;
    pace.joined();
    if (looking == null) {
      looking = Thread.ofVirtual().name("live-runs").start(this::lookAndLook);
    }
    return found.channel;
  }

  /** One reader less. */
  synchronized void leave(RunChannel channel) {
    Watched found = watched.get(channel.run());
    pace.left();
    if (found != null && --found.readers == 0) {
      watched.remove(channel.run());
    }
  }

  private void lookAndLook() {
    try {
      for (List<RunChannel> channels = channels(); !channels.isEmpty(); channels = channels()) {
        publish(channels);
        Thread.sleep(PERIOD);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** None when nobody watches any more: then this thread ends, and the next reader starts one. */
  private synchronized List<RunChannel> channels() {
    if (watched.isEmpty()) {
      looking = null;
    }
    return watched.values().stream().map(each -> each.channel).toList();
  }

  private void publish(List<RunChannel> channels) {
    Map<String, Long> newest = new HashMap<>();
    channels.forEach(channel -> newest.put(channel.run(), channel.newest()));
    // Whatever goes wrong, the others and the next time must not suffer: all readers wait for this.
    try {
      Map<String, LiveRun> found = look.apply(newest);
      for (RunChannel channel : channels) {
        tell(channel, found.get(channel.run()));
      }
    } catch (DataAccessException lost) {
      LOG.warn("Could not look at the runs that are watched: {}", lost.getMessage());
    } catch (RuntimeException unforeseen) {
      LOG.warn("Could not look at the runs that are watched", unforeseen);
    }
  }

  private void tell(RunChannel channel, @Nullable LiveRun run) {
    if (run == null) {
      return;
    }
    try {
      publish(channel, run);
    } catch (RuntimeException failure) {
      LOG.warn("Could not tell how run {} stands", channel.run(), failure);
    }
  }

  private void publish(RunChannel channel, LiveRun run) {
    boolean all = run.events().size() < EventQueries.MOST;
    channel.publish(
        run.events().stream().map(this::line).toList(),
        "event: progress\n" + data(Progress.of(run, pace.pauseMillis())),
        all && OVER.contains(run.status()));
  }

  /** An event as the stream carries it. */
  RunChannel.Line line(EventView event) {
    return new RunChannel.Line(
        event.seq(), "id: " + event.seq() + "\nevent: event\n" + data(event));
  }

  private String data(Object value) {
    return "data: " + json.writeValueAsString(value) + "\n\n";
  }

  @Override
  public synchronized void destroy() {
    watched.values().forEach(each -> each.channel.close());
    if (looking != null) {
      looking.interrupt();
    }
  }

  /** A channel and how many read it. */
  private static final class Watched {
    private final RunChannel channel;
    private int readers;

    Watched(RunChannel channel) {
      this.channel = channel;
    }
  }

  /**
   * How a run stands.
   *
   * @param logLines written so far by all its attempts
   * @param pauseMillis how long a page waits after news before it is fetched again
   */
  record Progress(
      RunStatus status,
      int stagesDone,
      int stagesTotal,
      long logLines,
      List<LiveRun.Stage> stages,
      long pauseMillis) {
    static Progress of(LiveRun run, long pauseMillis) {
      return new Progress(
          run.status(),
          run.stagesDone(),
          run.stagesTotal(),
          run.logLines(),
          run.stages(),
          pauseMillis);
    }
  }
}
