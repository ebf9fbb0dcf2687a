package dev.modelflow.workflow;

import io.temporal.api.common.v1.Payload;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.workflow.WorkflowInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
   * What a run's workflow was started with. Not as the client decodes it: that leaves out what the
   * engine gave no type, and an engine says no types until it has read its namespace's keys anew.
   */
  @SuppressWarnings("deprecation") // the client has no other way to the fields as they came
  static Map<String, Payload> of(WorkflowInfo run) {
    var attributes = run.getSearchAttributes();
    return attributes == null ? Map.of() : attributes.getIndexedFieldsMap();
  }

  /**
   * Those of a stage's workflow. None where the run's has none: then the engine did not know the
   * keys when the run began, and would refuse a workflow that carries them.
   */
  static SearchAttributes stage(Map<String, Payload> run, String stage) {
    if (!run.containsKey(RUN.getName())) {
      return SearchAttributes.EMPTY;
    }
    SearchAttributes.Builder attributes = SearchAttributes.newBuilder().set(STAGE, stage);
    for (SearchAttributeKey<String> key : List.of(RUN, PROJECT, RECIPE)) {
      attributes.set(key, text(run.get(key.getName())));
    }
    return attributes.build();
  }

  private static String text(@Nullable Payload value) {
    return DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
        Objects.requireNonNull(value), String.class, String.class);
  }
}
