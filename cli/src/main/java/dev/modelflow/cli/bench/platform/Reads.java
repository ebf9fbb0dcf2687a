package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.fill.FilledLedger;
import dev.modelflow.cli.bench.fill.FilledLedger.WholeRun;
import dev.modelflow.cli.bench.http.Crowd;
import dev.modelflow.cli.bench.http.Latencies;
import dev.modelflow.cli.bench.http.Visitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a full ledger as people and programs do, some at once, after a warm-up. */
final class Reads {
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
  private static final int CURSORS = 12;

  private final Visitor visitor;
  private final FilledLedger ledger;
  private final PlatformOptions options;
  private final Random random;

  Reads(Visitor visitor, FilledLedger ledger, PlatformOptions options) {
    this.visitor = visitor;
    this.ledger = ledger;
    this.options = options;
    this.random = new Random(options.ledger().seed());
  }

  /** All measurements of reading. */
  List<Reading> all() throws IOException, InterruptedException {
    List<Reading> readings = new ArrayList<>();
    readings.addAll(lists());
    readings.addAll(runs());
    readings.addAll(lineages());
    readings.add(previews());
    return readings;
  }

  private List<Reading> lists() throws IOException, InterruptedException {
    List<String> places = cursors();
    List<String> filters = List.of("", "", "&status=failed", "&status=succeeded");
    List<String> queries = draw(i -> "?" + pick(places) + (i % 4 == 0 ? pick(filters) : ""));
    return List.of(
        timed("run list, page", 100, i -> visitor.page("/runs" + queries.get(i))),
        timed("run list, API", 100, i -> visitor.get("/api/v1/runs" + queries.get(i))));
  }

  /** The first page, and others behind it. */
  private List<String> cursors() throws IOException, InterruptedException {
    List<String> cursors = new ArrayList<>(List.of("", ""));
    String query = "?limit=200";
    for (int page = 0; page < CURSORS; page++) {
      Matcher next = NEXT.matcher(visitor.get("/api/v1/runs" + query));
      if (!next.find()) {
        return cursors;
      }
      cursors.add("cursor=" + next.group(1));
      query = "?limit=200&cursor=" + next.group(1);
    }
    return cursors;
  }

  private List<Reading> runs() throws IOException, InterruptedException {
    List<String> any = draw(i -> pick(ledger.runs()));
    List<String> large = ledger.longRuns().isEmpty() ? any : draw(i -> pick(ledger.longRuns()));
    return List.of(
        timed("run page", 150, i -> visitor.page("/runs/" + any.get(i))),
        timed("run page of a long run", 150, i -> visitor.page("/runs/" + large.get(i))),
        timed("run, API", 150, i -> visitor.get("/api/v1/runs/" + any.get(i))));
  }

  private List<Reading> lineages() throws IOException, InterruptedException {
    List<String> ordinary = draw(i -> pick(ledger.artifacts()));
    List<String> sources = draw(i -> pick(ledger.sources()));
    AtomicInteger truncated = new AtomicInteger();
    Reading deep =
        timed(
            "lineage of a source, API",
            300,
            i -> {
              String answer =
                  visitor.get(
                      "/api/v1/artifacts/" + sources.get(i) + "/lineage?depth=50&budget=500");
              if (answer.contains("\"truncated\":true")) {
                truncated.incrementAndGet();
              }
            });
    return List.of(
        timed(
            "lineage, API",
            300,
            i -> visitor.get("/api/v1/artifacts/" + ordinary.get(i) + "/lineage")),
        new Reading(
            deep.measure(),
            deep.bar(),
            deep.seen() + ", %d truncated".formatted(truncated.get()),
            deep.held(),
            deep.numbers()),
        timed("artifact page", 300, i -> visitor.page("/artifacts/" + ordinary.get(i))),
        timed("artifact page of a source", 300, i -> visitor.page("/artifacts/" + sources.get(i))));
  }

  /** Of runs that were not previewed while it warmed up: people ask for another one each time. */
  private Reading previews() throws IOException, InterruptedException {
    List<WholeRun> runs = ledger.whole();
    int half = (runs.size() + 1) / 2;
    return timed(
        "branch preview",
        200,
        previewing(runs.subList(0, half)),
        previewing(runs.subList(runs.size() - half, runs.size())));
  }

  private Crowd.Deed previewing(List<WholeRun> runs) {
    List<WholeRun> points = new ArrayList<>();
    for (int i = 0; i < options.requests(); i++) {
      points.add(pick(runs));
    }
    return i ->
        visitor.post(
            "/api/v1/runs/" + points.get(i).run() + "/branch/preview",
            "{\"checkpoint\": \"%s\", \"overrides\": {\"long-context.warmupSteps\": %d}}"
                .formatted(points.get(i).checkpoint(), 20 - i % 10));
  }

  private Reading timed(String measure, int bar, Crowd.Deed deed)
      throws IOException, InterruptedException {
    return timed(measure, bar, deed, deed);
  }

  private Reading timed(String measure, int bar, Crowd.Deed warmUp, Crowd.Deed deed)
      throws IOException, InterruptedException {
    Crowd crowd = new Crowd(options.clients());
    crowd.times(options.requests(), warmUp);
    Latencies taken = crowd.times(options.requests(), deed);
    return new Reading(
        measure,
        "p95 < " + bar + " ms",
        taken.toString(),
        taken.p95() < bar,
        Map.of(
            "p50Millis",
            taken.quantile(0.5),
            "p95Millis",
            taken.p95(),
            "p99Millis",
            taken.quantile(0.99)));
  }

  private interface Draw {
    String at(int number);
  }

  private List<String> draw(Draw draw) {
    List<String> drawn = new ArrayList<>();
    for (int i = 0; i < options.requests(); i++) {
      drawn.add(draw.at(i));
    }
    return drawn;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
