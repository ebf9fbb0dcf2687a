package dev.modelflow.cli.bench.platform;

import dev.modelflow.cli.bench.flows.BenchPool;
import dev.modelflow.cli.bench.flows.FlowTimes;
import dev.modelflow.cli.bench.http.Crowd;
import dev.modelflow.cli.bench.http.Latencies;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.stack.StackException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What the platform adds to a stage's own work: one flow after another, and very many at once. */
final class Flows {
  private static final int ONE_BY_ONE = 20;
  private static final int SUBMITTERS = 4;
  private static final double BAR_MILLIS = 250;
  private static final long LONGEST_SILENCE_SECONDS = 300;
  private static final long LOOK_MILLIS = 1000;

  /** As docs/tiny-flow.md measures it; its stages are counted as if all stood in a row. */
  private static final double TINY_SECONDS = 370;

  private static final int TINY_STAGES = 15;

  private final Api api;
  private final FlowTimes times;
  private final Consumer<String> say;

  Flows(Api api, FlowTimes times, Consumer<String> say) {
    this.api = api;
    this.times = times;
    this.say = say;
  }

  /** Flows one after another: the platform has nothing else to do. */
  List<Reading> alone(int flows) throws IOException, InterruptedException, SQLException {
    int count = Math.min(ONE_BY_ONE, flows);
    // The first of all finds nothing warm.
    submit("warm-up", 0);
    await("warm-up", 1);
    for (int flow = 0; flow < count; flow++) {
      submit("alone", 1 + flow);
      await("alone", flow + 1);
    }
    Latencies stages = times.stages("alone");
    Latencies waits = times.waits("alone");
    Latencies beginnings = times.beginnings("alone");
    double share = 100 * stages.mean() * TINY_STAGES / 1000 / TINY_SECONDS;
    return List.of(
        new Reading(
            "overhead of a stage",
            "p95 < 250 ms",
            stages.toString(),
            stages.p95() < BAR_MILLIS,
            numbers(stages)),
        new Reading("of it, until a worker began", "", waits.toString(), true, numbers(waits)),
        new Reading(
            "overhead of the tiny flow",
            "< 1 %",
            String.format(
                Locale.ROOT, "%.2f %% (%d stages, %.0f s)", share, TINY_STAGES, TINY_SECONDS),
            share < 1,
            Map.of("percent", share)),
        new Reading(
            "from a run's record to its beginning",
            "",
            beginnings.toString(),
            true,
            numbers(beginnings)));
  }

  /** All flows at once, to the end. */
  List<Reading> together(int flows) throws IOException, InterruptedException, SQLException {
    new Crowd(SUBMITTERS).times(flows, flow -> submit("together", 1000 + flow));
    say.accept("%d flows recorded".formatted(flows));
    FlowTimes.Ended ended = await("together", flows);
    double perStage = 1000 * ended.seconds() / flows / BenchPool.TRIVIAL.stages();
    Latencies stages = times.stages("together");
    return List.of(
        new Reading(
            "%d flows at once".formatted(flows),
            "all succeed",
            String.format(
                Locale.ROOT, "%d succeeded in %.0f s", ended.succeeded(), ended.seconds()),
            ended.succeeded() == flows,
            Map.of("succeeded", (double) ended.succeeded(), "seconds", ended.seconds())),
        new Reading(
            "%d flows at once, time for a stage".formatted(flows),
            "< 250 ms",
            String.format(
                Locale.ROOT,
                "%.0f ms; waiting included p50 %.1f s, p95 %.1f s",
                perStage,
                stages.quantile(0.5) / 1000,
                stages.p95() / 1000),
            perStage < BAR_MILLIS,
            Map.of("millisPerStage", perStage, "p95Millis", stages.p95())));
  }

  private void submit(String name, int seed) {
    api.post(
        Api.path("runs"),
        Map.of(
            "recipe", BenchPool.TRIVIAL.recipe(), "name", name, "overrides", Map.of("seed", seed)));
  }

  /** Waits until so many runs of this name have ended; gives up when none ends any more. */
  private FlowTimes.Ended await(String name, int runs) throws InterruptedException, SQLException {
    int before = -1;
    long heard = System.nanoTime();
    while (true) {
      FlowTimes.Ended now = times.ended(name);
      if (now.ended() >= runs) {
        return now;
      }
      if (now.ended() > before) {
        before = now.ended();
        heard = System.nanoTime();
        if (runs > ONE_BY_ONE) {
          say.accept("%d of %d flows ended".formatted(before, runs));
        }
      }
      if (System.nanoTime() - heard > TimeUnit.SECONDS.toNanos(LONGEST_SILENCE_SECONDS)) {
        throw new StackException(
            "Of %d flows %d ended, and for %d s none did any more"
                .formatted(runs, before, LONGEST_SILENCE_SECONDS));
      }
      TimeUnit.MILLISECONDS.sleep(runs > ONE_BY_ONE ? LOOK_MILLIS : LOOK_MILLIS / 4);
    }
  }

  private static Map<String, Double> numbers(Latencies times) {
    return Map.of(
        "p50Millis", times.quantile(0.5), "p95Millis", times.p95(), "meanMillis", times.mean());
  }
}
