package dev.modelflow.cli.faults;

import dev.modelflow.cli.client.Api;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs the smoke flow undisturbed, and then again and again until every planned fault befell it.
 */
final class Campaign {
  private static final int MOST_FAULTS_A_RUN = 8;
  private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
  private static final Duration LONGEST_RETURN = Duration.ofMinutes(3);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Path RECIPE = Path.of("../recipes/smoke.yaml");

  private final FaultyStack stack;
  private final StackAddress address;
  private final LedgerEye ledger;
  private final Bucket bucket;
  private final Api api;
  private final Path logs;
  private final Consumer<String> out;
  private final Report report;

  /**
   * A campaign on a stack that is up and well.
   *
   * @param logs folder for what the containers said when something was wrong
   * @param out told what happens, a line each
   */
  Campaign(StackAddress address, Path logs, Consumer<String> out, Report report) {
    this.address = address;
    this.stack = new FaultyStack(address, logs.resolve("backups"));
    this.ledger = new LedgerEye(address);
    this.bucket = new Bucket(address);
    this.api =
        new Api(URI.create("http://127.0.0.1:" + address.webPort()), address.secret("api-token"));
    this.logs = logs;
    this.out = out;
    this.report = report;
  }

  /** Does it all; ends early when a run does not end. */
  void run(List<PlannedFault> faults) throws IOException, InterruptedException, SQLException {
    stack.heal();
    String first =
        api.post(Api.path("runs"), Map.of("recipe", Files.readString(RECIPE)))
            .path("id")
            .asString();
    Disturbances none = new Disturbances(stack, new ArrayDeque<>(), 0, out);
    Ended undisturbed = follow(first, none, new Recoveries());
    out.accept("Undisturbed run %s: %s".formatted(first, undisturbed));
    Invariants invariants = new Invariants(address, ledger, bucket, RunRecord.of(ledger, first));
    report.undisturbed(undisturbed.lasted(), invariants.check(first));
    Deque<PlannedFault> waiting = new ArrayDeque<>(faults);
    while (!waiting.isEmpty() && report.goesOn()) {
      disturbed(first, waiting, invariants);
    }
  }

  private void disturbed(String first, Deque<PlannedFault> waiting, Invariants invariants)
      throws IOException, InterruptedException, SQLException {
    bucket.empty();
    stack.forgetCache();
    String run =
        api.post(Api.path("runs", first, "rerun"), Map.of("from", "synthesize"))
            .path("id")
            .asString();
    out.accept("Run " + run);
    Disturbances disturbances = new Disturbances(stack, waiting, MOST_FAULTS_A_RUN, out);
    Ended ended = follow(run, disturbances, report.recoveries());
    List<String> findings = new ArrayList<>();
    if (ended.over()) {
      findings.addAll(returned());
      findings.addAll(invariants.check(run));
    } else {
      findings.add("the run did not end within " + LONGEST_RUN);
    }
    out.accept(
        "  %s, %d faults, %d steps repeated"
            .formatted(ended, disturbances.applied().size(), ended.repeated()));
    if (invariants.swept() > 0) {
      out.accept("  swept %d objects without an owner".formatted(invariants.swept()));
    }
    findings.forEach(finding -> out.accept("  WRONG: " + finding));
    report.disturbed(run, disturbances.applied(), ended, findings);
    if (!findings.isEmpty()) {
      Path folder = logs.resolve(run);
      stack.collectLogs(folder);
      out.accept("  The containers' logs are in " + folder);
    }
  }

  /** Disturbs a run and waits for its end. */
  private Ended follow(String run, Disturbances disturbances, Recoveries recoveries)
      throws InterruptedException, SQLException {
    Instant begun = Instant.now();
    Watcher watcher = new Watcher(ledger, run);
    boolean over = false;
    try (watcher) {
      while (!over && Instant.now().isBefore(begun.plus(LONGEST_RUN))) {
        disturbances.step();
        recoveries.healed(disturbances.takeHealed());
        watcher.latest().ifPresent(recoveries::see);
        over = watcher.latest().filter(Observation::isOver).isPresent();
        if (over && disturbances.areOpen()) {
          // A ledger that is restored may hold a run that goes on.
          disturbances.end();
          over = ledger.look(run).filter(Observation::isOver).isPresent();
        }
        Thread.sleep(TICK);
      }
    } finally {
      disturbances.end();
    }
    recoveries.healed(disturbances.takeHealed());
    watcher.latest().ifPresent(recoveries::see);
    return new Ended(over, Duration.between(begun, Instant.now()), watcher.repeatedSteps());
  }

  /** Every service is well again by itself. */
  private List<String> returned() throws InterruptedException {
    Instant deadline = Instant.now().plus(LONGEST_RETURN);
    List<String> ill = stack.ill();
    while (!ill.isEmpty() && Instant.now().isBefore(deadline)) {
      Thread.sleep(TICK);
      ill = stack.ill();
    }
    return ill.stream().map(service -> service + " did not become healthy again").toList();
  }

  /**
   * How a run ended.
   *
   * @param over whether it did
   * @param lasted since it was asked for
   * @param repeated steps that were trained more than once
   */
  record Ended(boolean over, Duration lasted, long repeated) {
    @Override
    public String toString() {
      return (over ? "ended after %.1f s" : "did not end within %.1f s")
          .formatted(lasted.toMillis() / 1000.0);
    }
  }
}
