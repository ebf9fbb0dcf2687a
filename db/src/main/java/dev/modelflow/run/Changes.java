package dev.modelflow.run;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Fingerprint;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which stages of a plan differ from those of an earlier run, by themselves or through inputs. */
final class Changes {
  /** The role of what a training stage begins from. */
  static final String CHECKPOINT = "checkpoint";

  private final FlowPlan plan;
  private final Set<String> changed = new HashSet<>();

  Changes(FlowPlan plan, Run parent, List<Stage> parentStages) {
    this.plan = plan;
    Map<String, String> before = new LinkedHashMap<>();
    for (Stage stage : parentStages) {
      before.put(
          stage.name(),
          describe(stage.kind(), stage.seed(), stage.parameters(), stage.inputs(), parent.model()));
    }
    for (StagePlan stage : plan.stages()) {
      String now =
          describe(stage.kind(), stage.seed(), stage.parameters(), stage.inputs(), plan.model());
      if (!Objects.equals(before.get(stage.name()), now)) {
        changed.add(stage.name());
      }
    }
  }

  private static String describe(
      StageKind kind,
      long seed,
      Map<String, @Nullable Object> parameters,
      Map<String, StageInput> inputs,
      Map<String, @Nullable Object> model) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("kind", kind.word());
    tree.put("seed", seed);
    tree.put("parameters", Fingerprint.withoutResources(parameters));
    tree.put("model", Fingerprint.modelOf(kind, model));
    inputs.forEach((role, input) -> tree.put("input " + role, input.toString()));
    return CanonicalJson.write(tree);
  }

  /** Whether the stage itself is other than it was. */
  boolean changed(String stage) {
    return changed.contains(stage);
  }

  /**
   * The changed stages and all that read from them, directly or not.
   *
   * @param except stages through which no change passes
   */
  Set<String> affected(Set<String> except) {
    Set<String> roots = new HashSet<>(changed);
    Set<String> affected = new HashSet<>();
    for (StagePlan stage : plan.stages()) {
      boolean reached = roots.contains(stage.name()) || readsFrom(stage, affected);
      if (reached && !except.contains(stage.name())) {
        affected.add(stage.name());
      }
    }
    return affected;
  }

  /** The stages that made the checkpoints that a stage begins from, latest first. */
  static Set<String> trainedBefore(FlowPlan plan, String stage) {
    Set<String> before = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(stage));
    while (!open.isEmpty()) {
      plan.stage(open.removeFirst()).inputs().entrySet().stream()
          .filter(input -> isCheckpoint(input.getKey()))
          .map(input -> input.getValue().stage())
          .filter(before::add)
          .forEach(open::addLast);
    }
    return before;
  }

  /** A merge begins from several: roles {@code checkpoint.1} and so on. */
  private static boolean isCheckpoint(String role) {
    return role.equals(CHECKPOINT) || role.startsWith(CHECKPOINT + ".");
  }

  /** A stage and all that read from it, directly or not. */
  static Set<String> from(FlowPlan plan, String first) {
    Set<String> reached = new HashSet<>(Set.of(first));
    for (StagePlan stage : plan.stages()) {
      if (readsFrom(stage, reached)) {
        reached.add(stage.name());
      }
    }
    return reached;
  }

  private static boolean readsFrom(StagePlan stage, Collection<String> makers) {
    return stage.after().stream().anyMatch(makers::contains);
  }
}
