package dev.modelflow.run;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowCompiler;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Works out what a request would run and how each stage would begin. */
final class Drafts {
  private final Ledger ledger;
  private final FlowCompiler compiler;

  Drafts(Ledger ledger, FlowCompiler compiler) {
    this.ledger = ledger;
    this.compiler = compiler;
  }

  Draft of(RunRequest request) {
    return switch (request) {
      case RunRequest.New fresh -> fresh(fresh);
      case RunRequest.Branch branch -> branch(branch);
      case RunRequest.Rerun rerun -> rerun(rerun);
    };
  }

  private Draft fresh(RunRequest.New request) {
    FlowPlan plan = compiler.compile(request.source(), request.overrides());
    return new Draft(plan, RunOrigin.none(), request.overrides(), Map.of());
  }

  private Draft branch(RunRequest.Branch request) {
    Run parent = ledger.runs().get(request.parentRun());
    FlowPlan plan = changed(parent, request.overrides());
    plan.stage(request.stage());
    List<Stage> before = ledger.stages().of(parent.id());
    Stage branched = ledger.stages().get(parent.id(), request.stage());
    Checkpoint point = point(branched, request.step());

    Changes changes = new Changes(plan, parent, before);
    Set<String> kept = Changes.trainedBefore(plan, request.stage());
    refuseLateChanges(plan, changes, kept, branched, point);
    kept.add(request.stage());
    boolean whole = isFinal(branched, point) && !changes.changed(request.stage());
    // A stage that continues makes something new, and so does all that reads from it.
    Set<String> anew = whole ? Set.of(request.stage()) : Changes.from(plan, request.stage());
    Map<String, StageStart> starts = pins(plan, before, changes.affected(kept), anew);
    starts.put(
        request.stage(),
        whole
            ? new StageStart.Pinned(branched.id())
            : new StageStart.FromCheckpoint(point.artifact(), point.step()));
    RunOrigin origin =
        RunOrigin.branch(parent.id(), request.stage(), point.step(), point.artifact());
    return new Draft(plan, origin, merged(parent, request.overrides()), starts);
  }

  private Draft rerun(RunRequest.Rerun request) {
    Run parent = ledger.runs().get(request.parentRun());
    FlowPlan plan = changed(parent, request.overrides());
    plan.stage(request.stage());
    List<Stage> before = ledger.stages().of(parent.id());
    Set<String> again = Changes.from(plan, request.stage());
    Map<String, StageStart> starts =
        pins(plan, before, new Changes(plan, parent, before).affected(Set.of()), again);
    again.forEach(stage -> starts.put(stage, new StageStart.Afresh()));
    RunOrigin origin = RunOrigin.rerun(parent.id(), request.stage());
    return new Draft(plan, origin, merged(parent, request.overrides()), starts);
  }

  /**
   * What the parent ran with these changes and no others. It starts from the recipe that the ledger
   * keeps with all values in place: the parent's text would be read with today's defaults.
   */
  private FlowPlan changed(Run parent, Map<String, @Nullable Object> overrides) {
    return compiler
        .compile(ledger.runs().canonicalRecipe(parent.id()), overrides)
        .withSource(ledger.runs().source(parent.id()));
  }

  /**
   * What came before a checkpoint is in it: a change there would be recorded but have no effect.
   */
  private static void refuseLateChanges(
      FlowPlan plan, Changes changes, Set<String> kept, Stage branched, Checkpoint point) {
    List<String> late =
        plan.stages().stream()
            .map(StagePlan::name)
            .filter(kept::contains)
            .filter(changes::changed)
            .toList();
    if (!late.isEmpty()) {
      throw new IllegalArgumentException(
          "The checkpoint %s@%d was made by %s as it was, so a change of %s would not reach it; drop that change, or rerun from %s"
              .formatted(
                  branched.name(),
                  point.step(),
                  String.join(", ", kept),
                  String.join(", ", late),
                  late.getFirst()));
    }
    StageInput before = branched.inputs().get(Changes.CHECKPOINT);
    if (!Objects.equals(before, plan.stage(branched.name()).inputs().get(Changes.CHECKPOINT))) {
      throw new IllegalArgumentException(
          "Stage %s goes on from its own checkpoint after step %d, so another 'from' would not reach it; drop that change, or rerun from %s"
              .formatted(branched.name(), point.step(), branched.name()));
    }
  }

  private static Map<String, @Nullable Object> merged(
      Run parent, Map<String, @Nullable Object> overrides) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(parent.overrides());
    merged.putAll(overrides);
    return merged;
  }

  /** Stages whose result in the parent run stands as it is. */
  private static Map<String, StageStart> pins(
      FlowPlan plan, List<Stage> before, Set<String> affected, Set<String> except) {
    Map<String, Stage> known =
        before.stream().collect(Collectors.toMap(Stage::name, Function.identity()));
    Map<String, StageStart> starts = new LinkedHashMap<>();
    for (StagePlan stage : plan.stages()) {
      Stage earlier = known.get(stage.name());
      if (earlier != null
          && earlier.done()
          && !affected.contains(stage.name())
          && !except.contains(stage.name())) {
        starts.put(stage.name(), new StageStart.Pinned(earlier.id()));
      }
    }
    return starts;
  }

  private Checkpoint point(Stage stage, @Nullable Long step) {
    List<Checkpoint> checkpoints = ledger.stages().checkpoints(stage.id());
    if (checkpoints.isEmpty()) {
      throw new IllegalArgumentException(
          "Stage '%s' of run %s has no checkpoint to branch from"
              .formatted(stage.name(), stage.runId()));
    }
    if (step == null) {
      return checkpoints.getLast();
    }
    return checkpoints.stream()
        .filter(checkpoint -> checkpoint.step() == step)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Stage '%s' of run %s has no checkpoint after step %d; it has them after: %s"
                        .formatted(
                            stage.name(),
                            stage.runId(),
                            step,
                            checkpoints.stream().map(Checkpoint::step).toList())));
  }

  private boolean isFinal(Stage stage, Checkpoint point) {
    Digest output = ledger.stages().outputs(stage.id()).get("checkpoint");
    return point.artifact().equals(output);
  }
}
