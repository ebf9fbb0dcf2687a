package dev.modelflow.run;

import dev.modelflow.domain.StageKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a requested run would do if it were started now.
 *
 * @param recipe the recipe's name
 * @param resolved the recipe as JSON with every value in place
 * @param overrides all that differs from the recipe's source, those of the parent run included
 * @param stages in topological order
 */
public record RunPreview(
    String recipe,
    String resolved,
    Map<String, @Nullable Object> overrides,
    List<StagePreview> stages) {
  /** What happens with a stage. */
  public enum Action {
    /** An earlier result stands in. */
    REUSE,
    /** It continues from a checkpoint inside an earlier stage. */
    CONTINUE,
    /** It runs from its beginning. */
    RUN
  }

  /**
   * One stage.
   *
   * @param name in the recipe
   * @param kind what it does
   * @param pool whose workers would run it
   * @param action what happens
   * @param fromRun the run whose result or checkpoint is used; null when it just runs
   * @param fromStep for {@link Action#CONTINUE}, the step it continues after
   */
  public record StagePreview(
      String name,
      StageKind kind,
      String pool,
      Action action,
      @Nullable String fromRun,
      @Nullable Long fromStep) {}
}
