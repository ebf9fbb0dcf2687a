package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the keys of one stage and of the stages that it starts from. */
final class StageChecks {
  // Above every row's length, and far from where a product with a context overflows.
  private static final long MOST_STRETCH = 1L << 40;

  private final RecipeChecks recipe;
  private final StageSpec stage;

  StageChecks(RecipeChecks recipe, StageSpec stage) {
    this.recipe = recipe;
    this.stage = stage;
  }

  void check() {
    mix("mix");
    mix("firstMix");
    together("firstMix", "firstSteps");
    vocabulary();
    tokenizer();
    for (String family : DataFields.FAMILIES.keySet()) {
      ordered(family);
    }
    ordered("instanceFilter");
    offOrAtLeast("instanceFilter", "times", StepFields.LEAST_TIMES);
    offOrAtLeast("skipStep", "window", StepFields.LEAST_WINDOW);
    rowLength();
    RankFields.check(recipe, stage);
    TrainerChecks.check(recipe, stage);
    atMost("firstSteps", "steps", "the first %s steps are more than the stage's %s steps");
    new ScheduleChecks(recipe, stage).check();
  }

  private void mix(String key) {
    sources(recipe, stage, key, stage.block(key));
  }

  /** Each source of a mix must be one that the stage under {@code data} makes. */
  static void sources(RecipeChecks recipe, StageSpec stage, String key, Map<String, Object> mix) {
    Optional<List<String>> sources =
        stage
            .reference("data")
            .flatMap(ref -> recipe.stage(ref.stage()))
            .map(curate -> Sources.of(curate, recipe::stage));
    if (sources.isEmpty()) {
      return;
    }
    for (String source : mix.keySet()) {
      if (!sources.get().contains(source)) {
        String path = recipe.path(stage) + "." + key + "." + source;
        String curate = stage.reference("data").map(StageRef::stage).orElse("curate");
        recipe
            .problems()
            .add(
                recipe.place(path),
                path,
                "stage '%s' makes no source '%s': expected one of %s"
                    .formatted(curate, source, String.join(", ", sources.get())),
                source,
                sources.get());
      }
    }
  }

  private void rowLength() {
    Optional<Long> length = stage.number("rowLength").map(Number::longValue);
    Optional<Long> context =
        recipe.model().flatMap(model -> stretch(stage).map(it -> model.context() * it));
    if (length.isPresent() && context.isPresent() && length.get() > context.get()) {
      recipe.at(
          path("rowLength"),
          "rows of %d tokens do not fit the context of %d".formatted(length.get(), context.get()));
    }
  }

  /**
   * How many times longer than the model's the context is after {@code stage}; nothing where the
   * way back to the first checkpoint is broken or goes round in a circle.
   */
  Optional<Long> stretch(StageSpec stage) {
    return stretch(stage, new HashSet<>());
  }

  private Optional<Long> stretch(StageSpec stage, Set<String> seen) {
    if (!seen.add(stage.name())) {
      return Optional.empty();
    }
    if (stage.kind() == StageKind.PRETRAIN || stage.kind() == StageKind.IMPORT) {
      return Optional.of(1L);
    }
    long own = stage.number("contextFactor").map(Number::longValue).orElse(1L);
    // The ingredients of a merge are checked to agree.
    return stage.references("from").stream()
        .findFirst()
        .flatMap(ref -> recipe.stage(ref.stage()))
        .flatMap(from -> stretch(from, seen))
        .map(before -> Math.min(own * before, MOST_STRETCH));
  }

  private void together(String key, String other) {
    boolean one = stage.values().containsKey(key);
    if (one != stage.values().containsKey(other)) {
      recipe.at(
          path(one ? key : other),
          "'%s' and '%s' go together: set both or neither".formatted(key, other));
    }
  }

  private void vocabulary() {
    Optional<Long> own = stage.number("vocabulary").map(Number::longValue);
    Optional<Integer> shape = recipe.model().map(ModelShape::vocabulary);
    if (own.isPresent() && shape.isPresent() && own.get() != shape.get().longValue()) {
      recipe.at(
          path("vocabulary"),
          "a tokenizer of %d entries does not fit the model's vocabulary of %d"
              .formatted(own.get(), shape.get()));
    }
  }

  private void tokenizer() {
    boolean published = stage.values().containsKey("tokenizer");
    if (published && stage.values().containsKey("tokenizerOf")) {
      recipe.at(
          path("tokenizer"), "'tokenizer' and 'tokenizerOf' are two tokenizers: set one of them");
    }
    Optional<Integer> entries = recipe.model().map(ModelShape::vocabulary);
    if (published && entries.isPresent() && entries.get() < DataFields.DOLMA2) {
      recipe.at(
          path("tokenizer"),
          "dolma2 has %d tokens and the model's vocabulary is %d: set model.vocabulary to %d, or to 100352 as Olmo 3 does"
              .formatted(DataFields.DOLMA2, entries.get(), DataFields.DOLMA2));
    }
  }

  private void ordered(String family) {
    long shortest = RecipeFields.whole(stage.block(family), "shortest");
    long longest = RecipeFields.whole(stage.block(family), "longest");
    if (shortest > longest) {
      recipe.at(
          path(family) + ".shortest",
          "the shortest, %d, is above the longest, %d".formatted(shortest, longest));
    }
  }

  private void offOrAtLeast(String block, String key, int least) {
    long value = RecipeFields.whole(stage.block(block), key);
    if (value > 0 && value < least) {
      recipe.at(
          path(block) + "." + key, "expected at least %d, or 0, found %d".formatted(least, value));
    }
  }

  private void atMost(String key, String limitKey, String message) {
    Optional<Number> value = stage.number(key);
    Optional<Number> limit = stage.number(limitKey);
    if (value.isPresent()
        && limit.isPresent()
        && value.get().doubleValue() > limit.get().doubleValue()) {
      recipe.at(path(key), message.formatted(value.get(), limit.get()));
    }
  }

  private String path(String key) {
    return recipe.path(stage) + "." + key;
  }
}
