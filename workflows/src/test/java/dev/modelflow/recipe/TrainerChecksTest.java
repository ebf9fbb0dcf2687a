package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainerChecksTest {
  @Test
  void refusesWhatATrainerOfOthersIsNotToldOf() {
    String dpo =
        with(
            "dpo",
            "trainer: open-instruct",
            "beta2: 0.999",
            "skipStep: {window: 64}",
            "warmupFraction: 0.1");
    assertThat(problems(dpo))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo("stages.dpo.skipStep");
              assertThat(problem.message())
                  .isEqualTo(
                      "trainer 'open-instruct' does not follow this key: leave it out, or train"
                          + " with modelflow");
            });
    String pretrain =
        SampleRecipe.YAML.replace(
            "steps: 100",
            """
            steps: 100
                trainer: olmo-core
                skipStep: {}
                instanceFilter: {}
                schedule: wsd
                decayFraction: 0.2
                precision: bf16
                activationCheckpointing: true
                ranks: 1""");
    assertThat(Recipe.parse(pretrain, "sample.yaml").stage("pretrain")).isPresent();
    String preset =
        SampleRecipe.YAML.replace(
            "steps: 100", "preset: olmo3-32b-paper\n    trainer: olmo-core\n    steps: 100");
    assertThat(Recipe.parse(preset, "sample.yaml").stage("pretrain")).isPresent();
    String sparse =
        pretrain.replaceFirst("(?m)^  layers:", "  experts: {count: 4, perToken: 2}\n  layers:");
    assertThat(problems(sparse))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo("stages.pretrain.trainer");
              assertThat(problem.message())
                  .isEqualTo(
                      "trainer 'olmo-core' is not told of the model's experts: train with"
                          + " modelflow");
            });
  }

  /** Long-context and all that comes from it, and no stage before. */
  @Test
  void refusesHeadsThatOlmoCoreStretchesOtherwise() {
    String small =
        SampleRecipe.YAML
            .replace("heads: 4", "heads: 8\n  ropeBase: 10000")
            .replace("context: 64", "context: 8192");
    String[] trainer = {"trainer: olmo-core"};
    assertFits(with(small, "midtrain", trainer));
    for (String stage : List.of("long-context", "sft")) {
      assertThat(told(with(small, stage, trainer)))
          .containsExactly(
              "stages.%s.trainer: trainer 'olmo-core' stretches a context of 8192 with heads of size 8 and a ropeBase of 10000.0 otherwise than the engine: use larger heads or a larger ropeBase, or train with modelflow"
                  .formatted(stage));
      assertFits(with(SampleRecipe.YAML, stage, trainer));
    }
    String[] open = {"trainer: open-instruct", "beta2: 0.999"};
    assertThat(told(with(small, "dpo", open)))
        .singleElement()
        .asString()
        .startsWith(
            "stages.dpo.trainer: trainer 'open-instruct' stretches a context of 8192 with heads of size 8 ");
    assertFits(with(small, "rlvr", open));
  }

  @Test
  void refusesValuesThatOpenInstructHasNoFlagFor() {
    assertThat(told(with("dpo", "trainer: open-instruct")))
        .containsExactly(
            "stages.dpo.beta2: trainer 'open-instruct' cannot be told of 0.95: use 0.999, or train"
                + " with modelflow");
    assertThat(
            told(
                with(
                    "rlvr",
                    "trainer: open-instruct",
                    "beta1: 0.8",
                    "beta2: 0.999",
                    "schedule: half-cosine",
                    "reward: random",
                    "checkpointEvery: 1")))
        .extracting(message -> message.replaceFirst(": trainer 'open-instruct' cannot", ""))
        .containsExactlyInAnyOrder(
            "stages.rlvr.beta1 be told of 0.8: use 0.9, or train with modelflow",
            "stages.rlvr.schedule be told of half-cosine: use cosine, linear or constant, or train"
                + " with modelflow",
            "stages.rlvr.reward be told of random: use verifier, or train with modelflow",
            "stages.rlvr.checkpointEvery be told of 1: use a divisor of the 2 steps above 1, or"
                + " train with modelflow");
  }

  @Test
  void openInstructsSchedulesEndWhereTheyEnd() {
    String[] adam = {"trainer: open-instruct", "beta2: 0.999"};
    assertFits(with("dpo", adam, "schedule: cosine", "finalFraction: 0.1"));
    assertFits(with("dpo", adam, "schedule: cosine", "finalLearningRate: 1.0e-5"));
    assertFits(with("rlvr", adam, "schedule: cosine"));
    assertFits(with("rlvr", adam, "finalLearningRate: 5.0e-5"));
    assertThat(told(with("dpo", adam, "schedule: cosine")))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("finalLearningRate").contains("use 1.0E-5"));
    assertThat(told(with("rlvr", adam, "schedule: linear", "finalFraction: 0.5")))
        .singleElement()
        .satisfies(it -> assertThat(it).contains("finalFraction").contains("0.5: use 0.0"));
  }

  @Test
  void presetsOfTheStagesThatOpenInstructTrainsFitIt() {
    for (String preset : List.of("olmo3-7b-think-paper", "olmo3-32b-think-script")) {
      String[] keys = {"preset: " + preset, "trainer: open-instruct"};
      assertFits(with("dpo", keys));
      assertFits(with("rlvr", keys));
    }
  }

  private static String with(String stage, String[] keys, String... more) {
    return with(stage, Stream.of(keys, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private static String with(String stage, String... keys) {
    return with(SampleRecipe.YAML, stage, keys);
  }

  private static String with(String recipe, String stage, String[] keys) {
    String block = "  " + stage + ":\n    " + String.join("\n    ", keys);
    return recipe.replaceFirst("(?m)^  " + stage + ":$", block);
  }

  private static void assertFits(String yaml) {
    assertThat(Recipe.parse(yaml, "sample.yaml").stages()).isNotEmpty();
  }

  private static List<String> told(String yaml) {
    return problems(yaml).stream()
        .map(problem -> problem.path() + ": " + problem.message())
        .toList();
  }

  private static List<Problem> problems(String yaml) {
    RecipeException wrong =
        catchThrowableOfType(RecipeException.class, () -> Recipe.parse(yaml, "sample.yaml"));
    return wrong.problems();
  }
}
