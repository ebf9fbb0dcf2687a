package dev.modelflow.web.api;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.EventQueries;
import dev.modelflow.read.EventView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.RunSummary;
import dev.modelflow.read.StageQueries;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/** Sends a run's events as they come. Each stream holds one virtual thread and asks the ledger. */
final class EventStream implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Duration PERIOD = Duration.ofMillis(700);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_STREAMS = 100;
  private static final Set<RunStatus> OVER =
      EnumSet.of(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED);

  private final RunQueries runs;
  private final StageQueries stages;
  private final EventQueries events;
  private final LogQueries logs;
  private final JsonMapper json;
  private final Semaphore free = new Semaphore(MOST_STREAMS);
  private final CountDownLatch closing = new CountDownLatch(1);

  EventStream(
      RunQueries runs, StageQueries stages, EventQueries events, LogQueries logs, JsonMapper json) {
    this.runs = runs;
    this.stages = stages;
    this.events = events;
    this.logs = logs;
    this.json = json;
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
    long seen = after;
    @Nullable Progress shown = null;
    Instant spoken = Instant.now();
    write(response, "retry: 2000\n\n");
    do {
      // Read before the events, so that none can be missed at the end.
      Optional<Progress> progress = progress(run);
      List<EventView> fresh = events.after(run, seen, EventQueries.MOST);
      for (EventView event : fresh) {
        seen = event.seq();
        write(response, "id: " + seen + "\nevent: event\n" + data(event));
      }
      if (progress.isPresent() && !progress.get().equals(shown)) {
        shown = progress.get();
        write(response, "event: progress\n" + data(shown));
      }
      if (fresh.isEmpty() && (shown == null || OVER.contains(shown.status()))) {
        write(response, "event: end\ndata: {}\n\n");
        return;
      }
      if (spoken.plus(HEARTBEAT).isBefore(Instant.now())) {
        write(response, ": still here\n\n");
        spoken = Instant.now();
      }
    } while (!closing.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
  }

  private Optional<Progress> progress(String run) {
    return runs.find(run).map(found -> progress(found.summary()));
  }

  private Progress progress(RunSummary run) {
    return new Progress(
        run.status(),
        run.stagesDone(),
        run.stagesTotal(),
        logs.lines(run.id()),
        stages.ofRun(run.id()).stream()
            .map(
                stage ->
                    new StageProgress(
                        stage.name(),
                        stage.status(),
                        stage.step(),
                        stage.totalSteps(),
                        stage.tokensPerSecond(),
                        stage.loss()))
            .toList());
  }

  private String data(Object value) {
    return "data: " + json.writeValueAsString(value) + "\n\n";
  }

  private static void write(HttpServletResponse response, String text) throws IOException {
    response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    response.flushBuffer();
  }

  @Override
  public void destroy() {
    closing.countDown();
  }

  /**
   * How a run stands.
   *
   * @param logLines written so far by all its attempts
   */
  record Progress(
      RunStatus status,
      int stagesDone,
      int stagesTotal,
      long logLines,
      List<StageProgress> stages) {}

  /** How a stage stands. */
  record StageProgress(
      String name,
      StageStatus status,
      @Nullable Long step,
      @Nullable Long totalSteps,
      @Nullable Double tokensPerSecond,
      @Nullable Double loss) {}
}
