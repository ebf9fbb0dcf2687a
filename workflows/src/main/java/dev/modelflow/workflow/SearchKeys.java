package dev.modelflow.workflow;

import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import java.util.List;

/**
 * What an operator may look for in Temporal's own pages. The ledger stays the truth: nothing in the
 * platform reads these. They are never encrypted.
 */
public final class SearchKeys {
  private static final SearchAttributeKey<String> RUN =
      SearchAttributeKey.forKeyword("ModelflowRun");
  private static final SearchAttributeKey<String> PROJECT =
      SearchAttributeKey.forKeyword("ModelflowProject");
  private static final SearchAttributeKey<String> RECIPE =
      SearchAttributeKey.forKeyword("ModelflowRecipe");
  private static final SearchAttributeKey<String> STAGE =
      SearchAttributeKey.forKeyword("ModelflowStage");

  private SearchKeys() {}

  /** The names of all keys, each a keyword. */
  public static List<String> names() {
    return List.of(RUN.getName(), PROJECT.getName(), RECIPE.getName(), STAGE.getName());
  }

  /** Those of a run's workflow. */
  public static SearchAttributes run(String runId, String project, String recipe) {
    return SearchAttributes.newBuilder()
        .set(RUN, runId)
        .set(PROJECT, project)
        .set(RECIPE, recipe)
        .build();
  }

  /**
   * Those of a stage's workflow. None where the run's has none: then the engine did not know the
   * keys when the run began, and would refuse a workflow that carries them.
   */
  static SearchAttributes stage(SearchAttributes run, String stage) {
    if (!run.containsKey(RUN)) {
      return SearchAttributes.EMPTY;
    }
    return SearchAttributes.newBuilder()
        .set(RUN, run.get(RUN))
        .set(PROJECT, run.get(PROJECT))
        .set(RECIPE, run.get(RECIPE))
        .set(STAGE, stage)
        .build();
  }
}
