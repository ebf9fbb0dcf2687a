package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.http.Latencies;
import dev.modelflow.cli.bench.http.Visitor;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.ledger.LedgerConfig;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Many open pages of one run that says something twice a second. */
final class Streams {
  private static final Duration UNDER_WAY = Duration.ofSeconds(3);
  private static final double BAR_MILLIS = 1000;
  private static final double BAR_PAGE_MILLIS = 150;
  private static final double LEAST_TRANSACTIONS = 50;
  private static final double BAR_MEGABYTES = 256;
  private static final long PATIENCE_SECONDS = 60;

  private final Visitor visitor;
  private final Api api;
  private final LedgerConfig ledger;
  private final long webProcess;
  private final int seconds;

  Streams(Visitor visitor, Api api, LedgerConfig ledger, long webProcess, int seconds) {
    this.visitor = visitor;
    this.api = api;
    this.ledger = ledger;
    this.webProcess = webProcess;
    this.seconds = seconds;
  }

  /** Opens so many streams, listens, and compares with the time before. */
  List<Reading> measure(int streams) throws IOException, InterruptedException, SQLException {
    String run =
        api.post(Api.path("runs"), Map.of("recipe", BenchPool.TICKING.recipe(), "name", "live"))
            .path("id")
            .asString();
    try {
      long last = awaitTicks(run);
      ProcessLoad before = ProcessLoad.of(webProcess);
      LedgerLoad quiet = LedgerLoad.during(ledger, seconds);
      List<LiveReader> readers = open(run, last, streams);
      try {
        return listen(readers, before, quiet);
      } finally {
        LiveReader.closeAll(readers);
      }
    } finally {
      api.post(Api.path("runs", run, "cancel"), Map.of());
    }
  }

  /** The number of the newest event, once the run has begun to speak. */
  private long awaitTicks(String run) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      JsonNode events = api.get(Api.path("runs", run, "events"));
      if (events.path("events").size() > 3) {
        return events.path("next").asLong();
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new StackException(
        "The run to watch did not begin within %d s".formatted(PATIENCE_SECONDS));
  }

  private List<LiveReader> open(String run, long after, int streams)
      throws IOException, InterruptedException {
    List<Callable<LiveReader>> openings = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      openings.add(() -> LiveReader.open(visitor, run, after));
    }
    List<LiveReader> readers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<LiveReader> opening : threads.invokeAll(openings)) {
        readers.add(opening.get());
      }
    } catch (ExecutionException refused) {
      LiveReader.closeAll(readers);
      throw new StackException(
          "Of %d live streams %d were opened; then %s"
              .formatted(streams, readers.size(), refused.getMessage()),
          refused);
    }
    return readers;
  }

  private List<Reading> listen(List<LiveReader> readers, ProcessLoad before, LedgerLoad quiet)
      throws IOException, InterruptedException, SQLException {
    // All are open, and what they missed has come.
    TimeUnit.SECONDS.sleep(2);
    Instant from = Instant.now();
    LedgerLoad loud = LedgerLoad.during(ledger, seconds);
    Instant to = Instant.now();
    ProcessLoad after = ProcessLoad.of(webProcess);
    TimeUnit.MILLISECONDS.sleep(UNDER_WAY.toMillis());
    List<Reading> readings = new ArrayList<>();
    readings.add(arrivals(readers, from, to));
    readings.add(fetches(readers, from, to));
    readings.add(transactions(readers.size(), quiet, loud));
    readings.add(memory(readers.size(), before, after));
    return readings;
  }

  private static Reading arrivals(List<LiveReader> readers, Instant from, Instant to) {
    TreeSet<Long> all = new TreeSet<>();
    List<Double> taken = new ArrayList<>();
    for (LiveReader reader : readers) {
      Map<Long, Double> found = reader.between(from, to);
      all.addAll(found.keySet());
      taken.addAll(found.values());
    }
    long missing = (long) all.size() * readers.size() - taken.size();
    List<String> faults =
        readers.stream().map(LiveReader::fault).filter(Objects::nonNull).distinct().toList();
    Latencies times = Latencies.of(taken);
    return new Reading(
        "%d dashboards, an event reaches each".formatted(readers.size()),
        "p95 < 1000 ms, none lost",
        times + (missing == 0 ? "" : ", %d lost".formatted(missing)) + String.join(", ", faults),
        missing == 0 && faults.isEmpty() && times.p95() < BAR_MILLIS,
        Map.of("p95Millis", times.p95(), "lost", (double) missing));
  }

  private static Reading fetches(List<LiveReader> readers, Instant from, Instant to) {
    List<Double> taken = new ArrayList<>();
    readers.forEach(reader -> taken.addAll(reader.fetchedBetween(from, to)));
    if (taken.isEmpty()) {
      return new Reading(
          "%d dashboards, their page".formatted(readers.size()),
          "p95 < 150 ms",
          "none was fetched",
          false,
          Map.of());
    }
    Latencies times = Latencies.of(taken);
    return new Reading(
        "%d dashboards, their page".formatted(readers.size()),
        "p95 < 150 ms",
        times.toString(),
        times.p95() < BAR_PAGE_MILLIS,
        Map.of("p95Millis", times.p95(), "fetches", (double) times.count()));
  }

  private static Reading transactions(int streams, LedgerLoad quiet, LedgerLoad loud) {
    return new Reading(
        "%d dashboards, ledger transactions".formatted(streams),
        "fewer than the dashboards",
        String.format(
            Locale.ROOT,
            "%.1f/s, without %.1f/s; %d connections, without %d",
            loud.transactions(),
            quiet.transactions(),
            loud.connections(),
            quiet.connections()),
        loud.transactions() - quiet.transactions() < Math.max(streams, LEAST_TRANSACTIONS),
        Map.of(
            "transactionsPerSecond", loud.transactions(),
            "withoutPerSecond", quiet.transactions(),
            "connections", (double) loud.connections()));
  }

  private static Reading memory(int streams, ProcessLoad before, ProcessLoad after) {
    return new Reading(
        "%d dashboards, the server's process".formatted(streams),
        "< 256 MB more than without",
        after + ", without " + before,
        after.megabytes() - before.megabytes() < BAR_MEGABYTES,
        Map.of(
            "megabytes", after.megabytes(),
            "withoutMegabytes", before.megabytes(),
            "threads", (double) after.threads()));
  }
}
