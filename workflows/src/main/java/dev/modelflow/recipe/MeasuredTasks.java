package dev.modelflow.recipe;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Which tasks an evaluation measures, as far as the recipe alone says. */
final class MeasuredTasks {
  /** A key of `questions` in synthesize, and the task that it becomes. */
  private static final Map<String, String> FAMILIES =
      Map.of(
          "sums", "sums",
          "problems", "problems",
          "needles", "needles-old",
          "longNeedles", "needles-new");

  private MeasuredTasks() {}

  /**
   * The tasks with the metric of each.
   *
   * @param evaluation a stage or the block `evaluate`
   * @param stages finds the stages that it reads from
   */
  static Map<String, String> of(
      StageSpec evaluation, Function<String, Optional<StageSpec>> stages) {
    Map<String, String> tasks = new TreeMap<>();
    Optional<StageSpec> curate = stage(evaluation, "data", stages);
    if (curate.isPresent() && count(evaluation, "heldOutTokens") > 0) {
      tasks.put("text", "bitsPerByte");
      Sources.heldOut(curate.get()).forEach(source -> tasks.put("text-" + source, "bitsPerByte"));
    }
    Map<String, Object> questions =
        stage(evaluation, "questions", stages).map(it -> it.block("questions")).orElse(Map.of());
    FAMILIES.forEach(
        (key, task) -> {
          String most = task.startsWith("needles") ? "needleQuestions" : "mathsQuestions";
          if (RecipeFields.whole(questions, key) > 0 && count(evaluation, most) > 0) {
            tasks.put(task, "accuracy");
          }
        });
    return tasks;
  }

  private static Optional<StageSpec> stage(
      StageSpec evaluation, String key, Function<String, Optional<StageSpec>> stages) {
    return evaluation.reference(key).flatMap(ref -> stages.apply(ref.stage()));
  }

  private static long count(StageSpec evaluation, String key) {
    return evaluation.number(key).map(Number::longValue).orElse(0L);
  }
}
