package dev.modelflow.cli.bench.fill;

import dev.modelflow.cli.bench.fill.Made.Point;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes runs with everything that belongs to them. */
final class RunRows {
  /** Branches leave their parent at a checkpoint in the middle of this stage. */
  static final String BRANCHED = "midtrain";

  /** What stands before that stage. */
  private static final Set<String> BEFORE =
      Set.of("synthesize", "curate", "pretrain", "evaluate-pretrain");

  private static final Set<String> SHARED = Set.of("synthesize", "curate");
  private static final int STAGE_SECONDS = 60;

  private final LedgerCopy copy;
  private final ResultRows results;
  private final NumberRows numbers;
  private final Map<Integer, Family> families = new HashMap<>();
  private final Map<Integer, Map<String, Made>> shared = new HashMap<>();
  private final Map<String, Map<String, Made>> made = new HashMap<>();
  private final CheckpointBudget budget = new CheckpointBudget();
  private int owed;
  private long stageIds;
  private long attemptIds;

  RunRows(LedgerCopy copy, long seed, Consumer<Artifact> upload) {
    this.copy = copy;
    this.results = new ResultRows(copy, upload);
    this.numbers = new NumberRows(copy, new Random(seed));
  }

  /** Writes one run; those that it refers to were written before. */
  void write(RunPlan run) {
    Family family = families.computeIfAbsent(run.family(), this::family);
    Map<String, Made> own = new LinkedHashMap<>();
    run(run, family);
    Map<String, Integer> points = budget.points(run, family, stage -> isOwn(run, stage));
    List<String> trained = points.keySet().stream().filter(stage -> isOwn(run, stage)).toList();
    Map<String, Integer> curves = curves(run, trained);
    int position = 0;
    for (StagePlan stage : family.stages()) {
      Instant at = run.createdAt().plusSeconds((long) STAGE_SECONDS * position);
      if (position >= run.stagesDone()) {
        undone(run, family, stage, position, at);
      } else if (isOwn(run, stage.name())) {
        Step step = new Step(run, family, stage, position, at);
        numbers.curves(stageIds + 1, curves.getOrDefault(stage.name(), 0), at);
        own.put(stage.name(), work(step, own, points.getOrDefault(stage.name(), 0)));
      } else {
        own.put(stage.name(), reuse(new Step(run, family, stage, position, at)));
      }
      position++;
    }
    numbers.event(run, null, "Run of '" + family.flow().name() + "'", run.createdAt());
    made.put(run.id(), own);
    shared.putIfAbsent(run.family(), own);
  }

  /** Where a branch of this run may leave it; empty when it has no such checkpoint. */
  Optional<Point> branchPoint(String run) {
    return Optional.ofNullable(made.getOrDefault(run, Map.of()).get(BRANCHED))
        .map(Made::checkpoints)
        .filter(points -> points.size() > 1)
        .map(List::getFirst);
  }

  /** Everything that a run shows as its own. */
  Map<String, Made> of(String run) {
    return made.getOrDefault(run, Map.of());
  }

  private Family family(int number) {
    Family family = Family.of(number);
    copy.row(Table.RECIPE, family.digest(), family.flow().name(), family.canonical());
    return family;
  }

  private boolean isOwn(RunPlan run, String stage) {
    boolean reusesFamily = shared.containsKey(run.family()) && SHARED.contains(stage);
    return !reusesFamily && (run.parent() == null || !BEFORE.contains(stage));
  }

  private void run(RunPlan run, Family family) {
    @Nullable RunPlan parent = run.parent();
    @Nullable Point point = parent == null ? null : branchPoint(parent.id()).orElseThrow();
    boolean whole = run.stagesDone() == family.stages().size();
    Instant end = run.createdAt().plusSeconds((long) STAGE_SECONDS * run.stagesDone());
    copy.row(
        Table.RUN,
        run.id(),
        "default",
        parent == null ? "run " + run.number() : "branch " + run.number(),
        family.digest(),
        whole ? "succeeded" : status(run),
        parent == null ? null : parent.id(),
        parent == null ? null : BRANCHED,
        point == null ? null : point.step(),
        point == null ? null : point.artifact(),
        family.overrides(),
        family.model(),
        "bench",
        run.createdAt(),
        run.createdAt().plusSeconds(1),
        end,
        whole || isCancelled(run) ? null : "data",
        whole || isCancelled(run) ? null : "A source of the corpus is gone",
        family.stages().size(),
        run.stagesDone(),
        family.flow().source());
  }

  private static boolean isCancelled(RunPlan run) {
    return run.number() % 2 == 0;
  }

  private static String status(RunPlan run) {
    return isCancelled(run) ? "cancelled" : "failed";
  }

  private Made work(Step step, Map<String, Made> own, int points) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Map.Entry<String, StageInput> input : step.stage().inputs().entrySet()) {
      sources.put(input.getKey(), made(own, input.getValue()).artifact(input.getValue()));
    }
    @Nullable Point start = start(step);
    if (start != null) {
      sources.put("branch", start.artifact());
    }
    stage(step, "succeeded", null, start);
    long attempt = attempt(step);
    numbers.log(attempt, step.stage());
    numbers.event(step.run(), step.stage().name(), "Stage succeeded", step.at());
    numbers.evaluations(stageIds, step.stage(), sources.getOrDefault("checkpoint", ""));
    return results.make(
        new ResultRows.Work(
            step.run(),
            step.stage(),
            stageIds,
            attempt,
            sources,
            points,
            step.run().number() < RunPlans.WHOLE,
            step.at()),
        step.family().outputs(step.stage()));
  }

  /**
   * How many points each stage that trains has; a run without one leaves its points to the next.
   * All points of a long run belong to one stage, as in a flow that trains for weeks.
   */
  private Map<String, Integer> curves(RunPlan run, List<String> trained) {
    int points = run.metrics() + owed;
    owed = trained.isEmpty() ? points : 0;
    Map<String, Integer> curves = new LinkedHashMap<>();
    if (!trained.isEmpty()) {
      int even = RunPlans.isLong(run.number()) ? 0 : points / trained.size();
      trained.forEach(stage -> curves.put(stage, even));
      curves.merge(trained.getLast(), points - even * trained.size(), Integer::sum);
    }
    return curves;
  }

  private static Made made(Map<String, Made> own, StageInput input) {
    Made maker = own.get(input.stage());
    if (maker == null) {
      throw new IllegalStateException("Stage '" + input.stage() + "' made nothing yet");
    }
    return maker;
  }

  private @Nullable Point start(Step step) {
    @Nullable RunPlan parent = step.run().parent();
    return parent != null && step.stage().name().equals(BRANCHED)
        ? branchPoint(parent.id()).orElseThrow()
        : null;
  }

  private Made reuse(Step step) {
    @Nullable RunPlan parent = step.run().parent();
    Map<String, Made> from =
        parent == null ? shared.getOrDefault(step.run().family(), Map.of()) : of(parent.id());
    Made original = from.get(step.stage().name());
    if (original == null) {
      throw new IllegalStateException("Nothing to reuse for stage '" + step.stage().name() + "'");
    }
    stage(step, "reused", original.stage(), null);
    numbers.event(step.run(), step.stage().name(), "Reused the result of another run", step.at());
    return results.reuse(stageIds, original, step.at());
  }

  private void undone(RunPlan run, Family family, StagePlan stage, int position, Instant at) {
    boolean fell = position == run.stagesDone() && !isCancelled(run);
    Step step = new Step(run, family, stage, position, at);
    stage(step, fell ? "failed" : "cancelled", null, null);
    if (fell) {
      numbers.event(run, stage.name(), "Stage failed: a source of the corpus is gone", at);
    }
  }

  private void stage(Step step, String status, @Nullable Long original, @Nullable Point start) {
    StagePlan stage = step.stage();
    boolean done = status.equals("succeeded") || status.equals("reused");
    long steps = Family.steps(stage);
    stageIds++;
    copy.row(
        Table.STAGE,
        stageIds,
        step.run().id(),
        stage.name(),
        stage.kind().word(),
        step.position(),
        stage.pool(),
        stage.seed(),
        step.family().parameters().get(stage.name()),
        step.family().inputs().get(stage.name()),
        status,
        done ? Digest.of(step.run().id() + stage.name()).hex() : null,
        original == null || SHARED.contains(stage.name()) ? "fingerprint" : "pinned",
        original,
        start == null ? null : start.artifact(),
        start == null ? null : start.step(),
        done ? "bench" : null,
        done ? step.at() : null,
        step.at().plusSeconds(STAGE_SECONDS),
        status.equals("failed") ? "data" : null,
        status.equals("failed") ? "A source of the corpus is gone" : null,
        done && steps > 0 ? steps : null,
        done && steps > 0 ? steps : null,
        done && steps > 0 ? 8500.0 : null,
        status.equals("succeeded") ? 1 : 0);
  }

  private long attempt(Step step) {
    Instant end = step.at().plusSeconds(STAGE_SECONDS);
    attemptIds++;
    copy.row(
        Table.ATTEMPT,
        attemptIds,
        stageIds,
        1,
        "succeeded",
        step.stage().pool() + "-1",
        "cpu",
        step.at(),
        end,
        end,
        "{\"java\": \"25\", \"processors\": \"2\"}",
        "bench");
    return attemptIds;
  }

  /** A stage of a run that is being written. */
  private record Step(RunPlan run, Family family, StagePlan stage, int position, Instant at) {}
}
