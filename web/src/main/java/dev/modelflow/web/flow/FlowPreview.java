package dev.modelflow.web.flow;

import dev.modelflow.domain.StageKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do if it were started now.
 *
 * @param recipe the recipe's name
 * @param overrides all that differs from the recipe's source
 * @param stages in topological order
 */
public record FlowPreview(
    String recipe, Map<String, @Nullable Object> overrides, List<Stage> stages) {
  /**
   * What happens with a stage.
   *
   * @param action one word: reuse, continue or run
   * @param reused whether an earlier result stands in
   * @param fromRun the run whose result or checkpoint is used
   * @param startStep the step that it continues after
   * @param reason one phrase for people
   * @param modelParameters weights of the model that it works on; null where no plan was asked for
   * @param activeModelParameters those of them that a token meets: fewer where the model has
   *     experts
   * @param tokens that it trains on or reads, an upper bound where documents decide
   * @param flops floating-point operations
   * @param preset what it has of the preset that it names; null where it names none
   */
  public record Stage(
      String name,
      StageKind kind,
      String pool,
      String action,
      boolean reused,
      @Nullable String fromRun,
      @Nullable Long startStep,
      String reason,
      @Nullable Long modelParameters,
      @Nullable Long activeModelParameters,
      @Nullable Long tokens,
      @Nullable Double flops,
      @Nullable Preset preset) {}

  /**
   * A preset and what became of it.
   *
   * @param name the preset's
   * @param taken keys whose values are the preset's
   * @param changed the preset's values of keys that are the stage's own
   */
  public record Preset(String name, Map<String, Object> taken, Map<String, Object> changed) {}

  /** How many stages would run or continue. */
  public long work() {
    return stages.stream().filter(stage -> !stage.reused()).count();
  }
}
