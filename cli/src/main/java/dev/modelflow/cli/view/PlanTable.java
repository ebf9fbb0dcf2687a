package dev.modelflow.cli.view;

import dev.modelflow.domain.StagePlan;
import dev.modelflow.plan.Cost;
import dev.modelflow.plan.Plan;
import java.util.List;
import java.util.Set;

/** A plan as lines: each stage, what it reads, what it costs, and whether it would be reused. */
public final class PlanTable {
  private PlanTable() {}

  /**
   * The lines.
   *
   * @param reused the stages that would be reused; none when nobody was asked
   */
  public static List<String> render(Plan plan, Set<String> reused) {
    Table table =
        new Table("stage", "kind", "pool", "after", ">parameters", ">tokens", ">FLOPs", "reuse");
    long tokens = 0;
    double flops = 0;
    for (StagePlan stage : plan.flow().stages()) {
      Cost cost = plan.costs().getOrDefault(stage.name(), Cost.NONE);
      tokens += cost.tokens();
      flops += cost.flops();
      table.add(
          stage.name(),
          stage.kind(),
          stage.pool(),
          String.join(", ", stage.after().stream().filter(it -> shown(stage, it)).toList()),
          parameters(cost),
          cost.tokens() == 0 ? "" : Numbers.brief((double) cost.tokens()),
          Numbers.flops(cost.flops()),
          reused.contains(stage.name()) ? "reused" : "");
    }
    table.add("in all", "", "", "", "", Numbers.brief((double) tokens), Numbers.flops(flops), "");
    return table.render();
  }

  private static String parameters(Cost cost) {
    if (cost.parameters() == 0) {
      return "";
    }
    String all = Numbers.brief((double) cost.parameters());
    return cost.activeParameters() == cost.parameters()
        ? all
        : "%s, %s active".formatted(all, Numbers.brief((double) cost.activeParameters()));
  }

  /** A release reads every evaluation: their names would bury the one that matters. */
  private static boolean shown(StagePlan stage, String before) {
    return stage.inputs().entrySet().stream()
        .anyMatch(
            it -> it.getValue().stage().equals(before) && !it.getKey().startsWith("evaluation."));
  }
}
