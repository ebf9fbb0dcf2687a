package dev.modelflow.web.flow;

import dev.modelflow.plan.Cost;
import dev.modelflow.plan.Plan;
import dev.modelflow.plan.RecipeCompiler;
import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.CheckpointView;
import dev.modelflow.read.RunQueries;
import dev.modelflow.recipe.PresetUse;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.StageSpec;
import dev.modelflow.run.RunPreview;
import dev.modelflow.run.RunRequest;
import dev.modelflow.run.RunService;
import dev.modelflow.web.config.WebConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans, starts, branches, reruns and cancels runs for people and other systems. */
public final class Flows {
  private static final int LONGEST_NAME = 100;

  private final RunService service;
  private final RunQueries runs;
  private final CheckpointQueries checkpoints;

  Flows(WebConfig config, RunQueries runs, CheckpointQueries checkpoints) {
    this.service =
        new RunService(config.ledger(), config.store(), new RecipeCompiler(), config.project());
    this.runs = runs;
    this.checkpoints = checkpoints;
  }

  /** What a recipe would do and cost. Throws {@code RecipeException} with every problem. */
  public FlowPreview plan(String source, Map<String, @Nullable Object> overrides) {
    Recipe given = Recipe.parse(source, "recipe");
    Recipe recipe = overrides.isEmpty() ? given : given.withOverrides(overrides);
    return shown(service.preview(new RunRequest.New(source, overrides)), Plan.of(recipe).costs());
  }

  /** What a request would do; starts nothing. */
  public FlowPreview preview(RunRequest request) {
    return shown(service.preview(request), Map.of());
  }

  /**
   * Records a run, which is started then.
   *
   * @param name what the person calls it; the recipe's name where null or blank
   * @return its id
   */
  public String submit(RunRequest request, @Nullable String name, String actor) {
    if (name == null || name.isBlank()) {
      return service.submit(request, actor).id();
    }
    String called = name.strip();
    if (called.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "The name has %d characters; use at most %d".formatted(called.length(), LONGEST_NAME));
    }
    return service.submitNamed(called, request, actor).id();
  }

  /** Asks a run to stop; false when it had ended or was asked before. */
  public boolean cancel(String run, String actor) {
    known(run);
    return service.cancel(run, actor);
  }

  /**
   * A request to branch.
   *
   * @param checkpoint {@code stage@step}, a stage's name for its last checkpoint, or an artifact's
   *     id
   */
  public RunRequest branch(String run, String checkpoint, Map<String, @Nullable Object> overrides) {
    known(run);
    Optional<CheckpointView> found =
        checkpoints.ofRun(run).stream().filter(each -> isNamed(each, checkpoint)).findFirst();
    CheckpointView point =
        found.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Run '%s' has no checkpoint '%s'; name one of its checkpoints as stage@step"
                        .formatted(run, checkpoint)));
    return new RunRequest.Branch(run, point.stage(), point.step(), overrides);
  }

  private static boolean isNamed(CheckpointView checkpoint, String name) {
    return name.equals(checkpoint.stage() + "@" + checkpoint.step())
        || name.equals(checkpoint.artifact())
        || (checkpoint.last() && name.equals(checkpoint.stage()));
  }

  /** A request to run again from a stage on. */
  public RunRequest rerun(String run, String stage, Map<String, @Nullable Object> overrides) {
    known(run);
    return new RunRequest.Rerun(run, stage, overrides);
  }

  private void known(String run) {
    if (runs.find(run).isEmpty()) {
      throw NotFoundException.run(run);
    }
  }

  private static FlowPreview shown(RunPreview preview, Map<String, Cost> costs) {
    Map<String, FlowPreview.Preset> presets = presets(Recipe.parse(preview.resolved(), "recipe"));
    return new FlowPreview(
        preview.recipe(),
        preview.overrides(),
        preview.stages().stream()
            .map(stage -> shown(stage, costs.get(stage.name()), presets.get(stage.name())))
            .toList());
  }

  private static Map<String, FlowPreview.Preset> presets(Recipe recipe) {
    Map<String, FlowPreview.Preset> presets = new HashMap<>();
    for (StageSpec stage : recipe.stages()) {
      PresetUse.of(stage)
          .ifPresent(
              use ->
                  presets.put(
                      stage.name(),
                      new FlowPreview.Preset(use.preset(), use.taken(), use.changed())));
    }
    return presets;
  }

  private static FlowPreview.Stage shown(
      RunPreview.StagePreview stage, @Nullable Cost cost, FlowPreview.@Nullable Preset preset) {
    return new FlowPreview.Stage(
        stage.name(),
        stage.kind(),
        stage.pool(),
        stage.action().name().toLowerCase(Locale.ROOT),
        stage.action() == RunPreview.Action.REUSE,
        stage.fromRun(),
        stage.fromStep(),
        reason(stage),
        cost == null ? null : cost.parameters(),
        cost == null ? null : cost.activeParameters(),
        cost == null ? null : cost.tokens(),
        cost == null ? null : cost.flops(),
        preset);
  }

  private static String reason(RunPreview.StagePreview stage) {
    return switch (stage.action()) {
      case REUSE -> "an equal result is there";
      case CONTINUE -> "continues after step " + stage.fromStep();
      case RUN -> "runs from its beginning";
    };
  }
}
