package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.ranks.Ranks;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stage is asked to do.
 *
 * @param stage its name in the recipe
 * @param kind what it does
 * @param seed of everything random in it
 * @param model the recipe's model
 * @param settings the stage's parameters
 * @param inputs folder of each role
 * @param resume the checkpoint of this stage to continue from, if any
 * @param output folder for everything that is written
 * @param threads processor cores to use
 * @param ranks the processes that do it together, of which this is one
 */
public record StageSpec(
    String stage,
    StageKind kind,
    long seed,
    ModelConfig model,
    Settings settings,
    Map<String, Path> inputs,
    @Nullable Resume resume,
    Path output,
    int threads,
    Ranks ranks) {
  /** A checkpoint of this stage and the step it was made after. */
  public record Resume(Path checkpoint, int step) {}

  /** A stage that this process does alone. */
  public StageSpec(
      String stage,
      StageKind kind,
      long seed,
      ModelConfig model,
      Settings settings,
      Map<String, Path> inputs,
      @Nullable Resume resume,
      Path output,
      int threads) {
    this(stage, kind, seed, model, settings, inputs, resume, output, threads, Ranks.alone());
  }

  /** The same stage, done together by these processes. */
  public StageSpec with(Ranks together) {
    return new StageSpec(
        stage, kind, seed, model, settings, inputs, resume, output, threads, together);
  }

  /** The folder of this role, which the stage cannot do without. */
  public Path input(String role) {
    return optionalInput(role)
        .orElseThrow(
            () ->
                new StageFailure(
                    FailureClass.RECIPE,
                    "Stage %s (%s) has no input '%s': name the stage it comes from"
                        .formatted(stage, kind, role)));
  }

  /** The folder of this role, if it was given. */
  public Optional<Path> optionalInput(String role) {
    return Optional.ofNullable(inputs.get(role));
  }
}
