package dev.modelflow.cli.bench.fill;

import dev.modelflow.cli.bench.fill.FilledLedger.WholeRun;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.ObjectStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Fills an empty ledger. */
public final class LedgerFill {
  private static final int RUNS_A_COPY = 200;
  private static final int ORDINARY = 200;

  private LedgerFill() {}

  /**
   * Writes runs until the ledger has its size; the schema is made if there is none.
   *
   * @param config a ledger without runs
   * @param store takes the objects of the runs that one may branch from
   * @param say is told how far it is
   * @throws SQLException when Postgres refuses the rows, e.g. because the ledger is not empty
   */
  public static FilledLedger fill(
      LedgerConfig config, ObjectStore store, LedgerSize size, Consumer<String> say)
      throws SQLException, IOException, InterruptedException {
    long began = System.nanoTime();
    Ledger.open(config).close();
    List<RunPlan> plans = new RunPlans(size, Family.of(0).stages().size()).all();
    try (Connection connection =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        ObjectFill objects = new ObjectFill(store)) {
      LedgerCopy copy = new LedgerCopy(connection);
      RunRows rows = new RunRows(copy, size.seed(), objects::put);
      for (RunPlan plan : plans) {
        rows.write(plan);
        if ((plan.number() + 1) % RUNS_A_COPY == 0 || plan.number() == plans.size() - 1) {
          copy.flush();
          say.accept("%d of %d runs written".formatted(plan.number() + 1, plans.size()));
        }
      }
      objects.await();
      copy.settle();
      return filled(plans, rows, copy, (System.nanoTime() - began) / 1e9);
    }
  }

  private static FilledLedger filled(
      List<RunPlan> plans, RunRows rows, LedgerCopy copy, double seconds) {
    List<String> sources = new ArrayList<>();
    List<String> artifacts = new ArrayList<>();
    int each = Math.max(1, plans.size() / ORDINARY);
    for (RunPlan plan : plans) {
      if (plan.number() % each == 0) {
        rows.of(plan.id()).values().stream()
            .reduce((first, second) -> second)
            .ifPresent(last -> artifacts.addAll(last.outputs().values()));
      }
    }
    rows.of(plans.getFirst().id()).values().stream()
        .limit(2)
        .forEach(made -> sources.addAll(made.outputs().values()));
    return new FilledLedger(
        plans.stream().map(RunPlan::id).toList(),
        plans.stream().filter(plan -> RunPlans.isLong(plan.number())).map(RunPlan::id).toList(),
        whole(plans, rows),
        sources,
        artifacts,
        copy.rows(Table.METRIC),
        copy.rows(Table.EDGE),
        seconds);
  }

  private static List<WholeRun> whole(List<RunPlan> plans, RunRows rows) {
    List<WholeRun> whole = new ArrayList<>();
    for (RunPlan plan : plans.subList(0, Math.min(RunPlans.WHOLE, plans.size()))) {
      rows.branchPoint(plan.id())
          .ifPresent(
              point -> whole.add(new WholeRun(plan.id(), RunRows.BRANCHED + "@" + point.step())));
    }
    return whole;
  }
}
