package dev.modelflow.web.api;

import dev.modelflow.read.EventQueries;
import dev.modelflow.read.EventView;
import dev.modelflow.web.api.RunChannel.Line;
import dev.modelflow.web.api.RunChannel.News;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Sends a run's events as they come. Each stream holds one virtual thread and a connection. */
final class EventStream {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_STREAMS = 1000;

  private final EventQueries events;
  private final LiveRuns live;
  private final Semaphore free = new Semaphore(MOST_STREAMS);

  EventStream(EventQueries events, LiveRuns live) {
    this.events = events;
    this.live = live;
  }

  /** Writes until the run is over, the reader goes away or the server stops. */
  void send(String run, long after, HttpServletResponse response) {
    if (!free.tryAcquire()) {
      throw new TooManyStreamsException(MOST_STREAMS);
    }
    try {
      response.setContentType("text/event-stream");
      response.setCharacterEncoding("UTF-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      follow(run, after, response);
    } catch (IOException gone) {
      LOG.debug("A reader of run {} went away", run, gone);
    } catch (DataAccessException lost) {
      // The stream just ends; its reader comes back by itself and continues where it was.
      LOG.warn("The stream of run {} ended: {}", run, lost.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
    }
  }

  private void follow(String run, long after, HttpServletResponse response)
      throws IOException, InterruptedException {
    List<EventView> newest = events.newest(run, 1);
    RunChannel channel = live.join(run, newest.isEmpty() ? 0 : newest.getLast().seq());
    try {
      write(response, "retry: 2000\n\n");
      follow(channel, after, response);
    } finally {
      live.leave(channel);
    }
  }

  private void follow(RunChannel channel, long after, HttpServletResponse response)
      throws IOException, InterruptedException {
    long seen = after;
    String shown = "";
    Instant spoken = Instant.now();
    for (News news = channel.await(0, HEARTBEAT);
        !news.closed();
        news = channel.await(news.version(), HEARTBEAT)) {
      if (news.misses(seen)) {
        seen = catchUp(channel.run(), seen, response);
        spoken = Instant.now();
      }
      StringBuilder text = new StringBuilder();
      for (Line line : news.after(seen)) {
        text.append(line.text());
        seen = line.seq();
      }
      if (!news.progress().equals(shown)) {
        shown = news.progress();
        text.append(shown);
      }
      if (news.over()) {
        write(response, text + "event: end\ndata: {}\n\n");
        return;
      }
      if (text.isEmpty() && !spoken.plus(HEARTBEAT).isAfter(Instant.now())) {
        text.append(": still here\n\n");
      }
      if (!text.isEmpty()) {
        write(response, text.toString());
        spoken = Instant.now();
      }
    }
  }

  /**
   * Writes what a reader who is far behind has not seen, from the ledger and piece by piece: a run
   * may have more events than many readers at once leave room for. Returns what it then has seen.
   */
  private long catchUp(String run, long seen, HttpServletResponse response) throws IOException {
    long last = seen;
    List<EventView> part;
    do {
      part = events.after(run, last, EventQueries.MOST);
      StringBuilder text = new StringBuilder();
      part.forEach(event -> text.append(live.line(event).text()));
      write(response, text.toString());
      last = part.isEmpty() ? last : part.getLast().seq();
    } while (part.size() == EventQueries.MOST);
    return last;
  }

  private static void write(HttpServletResponse response, String text) throws IOException {
    response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    response.flushBuffer();
  }
}
