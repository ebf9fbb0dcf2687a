package dev.modelflow.cli.bench.fill;

import dev.modelflow.domain.StagePlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Gives training stages so many checkpoints that the ledger comes to the wanted number of edges:
 * each has one from every input of its stage. What one run has too many, a later one has fewer.
 */
final class CheckpointBudget {
  /** Of the runs that are branched from: so many that checking them is some work. */
  private static final int OF_WHOLE_RUNS = 6;

  private static final int MOST = 40;

  private long debt;

  /** How many checkpoints each training stage of the run writes. */
  Map<String, Integer> points(RunPlan run, Family family, Predicate<String> own) {
    Map<String, Integer> points = new LinkedHashMap<>();
    long edges = 0;
    for (StagePlan stage : family.stages().subList(0, run.stagesDone())) {
      long trained = Family.steps(stage) > 0 ? least(run, stage) : 0;
      if (trained > 0) {
        points.put(stage.name(), (int) trained);
      }
      if (own.test(stage.name())) {
        edges += (family.outputs(stage).size() + trained) * inputs(run, stage);
      }
    }
    edges += spend(run, family, own, points, run.edges() - debt - edges);
    debt += edges - run.edges();
    return points;
  }

  private static int least(RunPlan run, StagePlan stage) {
    if (run.number() < RunPlans.WHOLE) {
      return OF_WHOLE_RUNS;
    }
    return stage.name().equals(RunRows.BRANCHED) ? 2 : 1;
  }

  /** A branch reads its start besides. */
  private static int inputs(RunPlan run, StagePlan stage) {
    boolean branched = run.parent() != null && stage.name().equals(RunRows.BRANCHED);
    return stage.inputs().size() + (branched ? 1 : 0);
  }

  /** Round and round, while a further checkpoint fits; returns how many edges were added. */
  private static long spend(
      RunPlan run, Family family, Predicate<String> own, Map<String, Integer> points, long rest) {
    long left = rest;
    boolean added = true;
    while (added) {
      added = false;
      for (StagePlan stage : family.stages()) {
        int cost = inputs(run, stage);
        int before = points.getOrDefault(stage.name(), MOST);
        if (own.test(stage.name()) && before < MOST && cost <= left) {
          points.put(stage.name(), before + 1);
          left -= cost;
          added = true;
        }
      }
    }
    return rest - left;
  }
}
