package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.http.Visitor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An open page of a run, as a browser keeps it: reads the live stream and notes when each event
 * came; fetches the page again some time after news, as long as the stream says.
 */
final class LiveReader implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Visitor visitor;
  private final String run;
  private final InputStream stream;
  private final Map<Long, Arrival> arrivals = new ConcurrentHashMap<>();
  private final Map<Instant, Double> fetches = new ConcurrentHashMap<>();
  private final AtomicBoolean planned = new AtomicBoolean();
  private final Thread thread;
  private volatile long pauseMillis = 1500;
  private volatile @Nullable String fault;
  private volatile boolean closing;

  private LiveReader(Visitor visitor, String run, InputStream stream) {
    this.visitor = visitor;
    this.run = run;
    this.stream = stream;
    this.thread = Thread.ofVirtual().unstarted(this::read);
  }

  /** Opens the stream of a run behind the event with this number; throws where it is refused. */
  static LiveReader open(Visitor visitor, String run, long after)
      throws IOException, InterruptedException {
    LiveReader reader =
        new LiveReader(
            visitor, run, visitor.stream("/api/v1/runs/" + run + "/stream?after=" + after));
    reader.thread.start();
    return reader;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ")) {
          note(event, line.substring(6));
        }
      }
      fault = closing ? null : "the server ended it";
    } catch (IOException | JacksonException failure) {
      fault = closing ? null : failure.toString();
    }
  }

  private void note(String event, String data) {
    switch (event) {
      case "event" -> arrived(JSON.readTree(data));
      case "progress" -> pauseMillis = JSON.readTree(data).path("pauseMillis").asLong(pauseMillis);
      default -> {
        return;
      }
    }
    if (planned.compareAndSet(false, true)) {
      Thread.ofVirtual().start(this::fetchSoon);
    }
  }

  private void arrived(JsonNode event) {
    Instant now = Instant.now();
    Instant at = Instant.parse(event.path("at").asString());
    arrivals.put(
        event.path("seq").asLong(), new Arrival(at, Duration.between(at, now).toNanos() / 1e6));
  }

  private void fetchSoon() {
    try {
      // As live.js does.
      TimeUnit.MILLISECONDS.sleep(
          Math.round(pauseMillis * (0.5 + ThreadLocalRandom.current().nextDouble())));
      planned.set(false);
      if (!closing) {
        long began = System.nanoTime();
        visitor.page("/runs/" + run);
        fetches.put(Instant.now(), (System.nanoTime() - began) / 1e6);
      }
    } catch (IOException failure) {
      fault = closing ? null : failure.toString();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** How long the page took each time that it was fetched between these moments. */
  Collection<Double> fetchedBetween(Instant from, Instant to) {
    List<Double> found = new ArrayList<>();
    fetches.forEach(
        (at, millis) -> {
          if (at.isAfter(from) && at.isBefore(to)) {
            found.add(millis);
          }
        });
    return found;
  }

  /** Why it ended; null while it goes on. */
  @Nullable String fault() {
    return fault;
  }

  /** Of the events between these moments, by number: how long each was under way. */
  Map<Long, Double> between(Instant from, Instant to) {
    Map<Long, Double> found = new ConcurrentHashMap<>();
    arrivals.forEach(
        (number, arrival) -> {
          if (arrival.at().isAfter(from) && arrival.at().isBefore(to)) {
            found.put(number, arrival.millis());
          }
        });
    return found;
  }

  @Override
  public void close() throws IOException {
    closing = true;
    stream.close();
  }

  /** Closes all of them. */
  static void closeAll(List<LiveReader> readers) throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (LiveReader reader : readers) {
      try {
        reader.close();
      } catch (IOException failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private record Arrival(Instant at, double millis) {}
}
