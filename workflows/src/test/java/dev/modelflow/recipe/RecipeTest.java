package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeTest {
  @Test
  void fillsInDefaultsAlsoThoseThatFollowFromTheModel() {
    StageSpec pretrain = SampleRecipe.recipe().stage("pretrain").orElseThrow();
    assertThat(pretrain.pool()).isEqualTo("gpu");
    assertThat(pretrain.values())
        .containsEntry("rowLength", 64L)
        .containsEntry("beta2", 0.95)
        .containsEntry("schedule", "cosine");
    assertThat(SampleRecipe.recipe().stage("long-context").orElseThrow().values())
        .containsEntry("rowLength", 256L);
  }

  @Test
  void isTheSameAfterItsCanonicalFormWasReadAgain() {
    Recipe recipe = SampleRecipe.recipe();
    Recipe again = Recipe.parse(recipe.canonicalJson(), "canonical");
    assertThat(again.tree()).isEqualTo(recipe.tree());
    assertThat(again.digest()).isEqualTo(recipe.digest());
  }

  @Test
  void namesTheLineOfAnUnknownKeyAndTheNearestValidOne() {
    assertThat(problems(SampleRecipe.YAML.replace("warmupSteps", "warmupStep")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(35);
              assertThat(problem.column()).isEqualTo(5);
              assertThat(problem.path()).isEqualTo("stages.pretrain.warmupStep");
              assertThat(problem.nearest()).isEqualTo("warmupSteps");
              assertThat(problem.message()).startsWith("unknown key 'warmupStep': expected one of");
            });
  }

  @Test
  void aMistypedRequiredKeyIsOneProblemNotTwo() {
    assertThat(problems(SampleRecipe.YAML.replace("steps: 100", "stepz: 100"))).hasSize(1);
  }

  @Test
  void findsAllProblemsAtOnceInTheOrderOfTheText() {
    String text =
        SampleRecipe.YAML
            .replace("heads: 4", "heads: 5")
            .replace("slidingWindow: 32", "slidingWindow: 65")
            .replace("warmupSteps: 10", "warmupSteps: many")
            .replace("from: midtrain", "from: midtrian")
            .replace("weak: pretrain@50", "weak: pretrain@51")
            .replace("code: 0.8", "code: -1");
    assertThat(problems(text).stream().map(Problem::toString))
        .containsExactly(
            "sample.yaml:7:10: model.heads: 5 heads do not divide the width 64",
            "sample.yaml:11:18: model.slidingWindow: a window of 65 is wider than the context of"
                + " 64",
            "sample.yaml:35:18: stages.pretrain.warmupSteps: expected a whole number of at least"
                + " 0, found the text 'many'",
            "sample.yaml:40:31: stages.midtrain.mix.code: expected a number above 0, found -1",
            "sample.yaml:45:11: stages.long-context.from: there is no stage 'midtrian': expected"
                + " STAGE or STAGE@STEP with a stage of kind dpo, import, long-context, merge, midtrain, pretrain,"
                + " rlvr, sft: pretrain, midtrain, sft, dpo, rlvr; did you mean 'midtrain'?",
            "sample.yaml:59:11: stages.dpo.weak: stage 'pretrain' writes no checkpoint after step"
                + " 51: it writes one every 50 steps, up to 100");
  }

  @Test
  void headsThatDoNotFitTogetherAreProblems() {
    assertThat(
            problems(SampleRecipe.YAML.replace("heads: 4", "heads: 4\n  keyValueHeads: 3")).stream()
                .map(Problem::message))
        .containsExactly("3 heads of keys and values do not divide the 4 heads");
    assertThat(
            problems(SampleRecipe.YAML.replace("heads: 4", "heads: 5\n  headSize: 7")).stream()
                .map(Problem::message))
        .containsExactly("heads are 7 wide: rotary positions need an even width");
    String own = SampleRecipe.YAML.replace("heads: 4", "heads: 5\n  headSize: 8");
    assertThat(Recipe.parse(own, "sample.yaml").model().headSize()).isEqualTo(8);
  }

  @Test
  void expertsAreCheckedAndHaveTheLossesThatOlmosHave() {
    String four = SampleRecipe.YAML.replace("heads: 4", "heads: 4\n  experts: %s");
    assertThat(problems(four.formatted("{count: 4, perToken: 5}")).stream().map(Problem::toString))
        .containsExactly(
            "sample.yaml:8:33: model.experts.perToken: a token cannot go to 5 of 4 experts");
    assertThat(problems(four.formatted("{count: 1}")).stream().map(Problem::message))
        .containsExactly(
            "missing key 'perToken': expected a whole number from 1 to 1024",
            "expected a whole number from 2 to 1024, found 1");
    Recipe recipe = Recipe.parse(four.formatted("{count: 4, perToken: 2}"), "sample.yaml");
    assertThat(recipe.model().values().get("experts"))
        .isEqualTo(Map.of("count", 4L, "perToken", 2L, "balanceLoss", 0.01, "routerZLoss", 0.001));
    assertThat(recipe.withOverrides(Map.of("model.experts.count", 8)).model().experts())
        .isEqualTo(8);
    assertThat(SampleRecipe.recipe().model().values()).doesNotContainKey("experts");
  }

  @Test
  void aMixMayOnlyNameSourcesThatCurateMakes() {
    assertThat(problems(SampleRecipe.YAML.replace("{code: 1}", "{codes: 1}")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.message())
                  .isEqualTo(
                      "stage 'curate' makes no source 'codes': expected one of code, glosses,"
                          + " needles, problems, repeats, sums");
              assertThat(problem.nearest()).isEqualTo("code");
            });
  }

  @Test
  void aCircleOfStagesIsOneProblem() {
    assertThat(problems(SampleRecipe.YAML.replace("from: pretrain", "from: rlvr")))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).startsWith("the stages go round in a circle: "));
  }

  @Test
  void rowsMustFitTheContextThatEarlierStagesHaveStretched() {
    String text =
        SampleRecipe.YAML.replace("    conversations:", "    rowLength: 257\n    conversations:");
    assertThat(problems(text))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .isEqualTo("rows of 257 tokens do not fit the context of 256"));
  }

  @Test
  void noImportReadsAPickle() {
    String text =
        SampleRecipe.YAML.replace(
            "  midtrain:\n",
            """
              import:
                folder: /models/toy
                files:
                  - {name: config.json, sha256: %1$s}
                  - {name: tokenizer.json, sha256: %1$s}
                  - {name: pytorch_model.bin, sha256: %1$s}
              midtrain:
            """
                .formatted("0".repeat(64)));
    assertThat(problems(text))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .contains("pytorch_model.bin")
                    .contains("never that of a pickle (.bin, .pt, .pth, .ckpt, .pkl)"));
  }

  @Test
  void ranksShareWhatAStepHasAndOnlyStagesThatTrainHaveThem() {
    String text =
        SampleRecipe.YAML
            .replace("rows: 8\n    steps: 100", "rows: 8\n    ranks: 9\n    steps: 100")
            .replace("pairs: 8", "pairs: 8\n    ranks: 17")
            .replace("from: rlvr", "from: rlvr\n    ranks: 2");
    assertThat(problems(text).stream().map(Problem::message))
        .satisfiesExactly(
            message ->
                assertThat(message)
                    .isEqualTo(
                        "9 ranks cannot share a step of 'rows: 8': lower one or raise the other"),
            message ->
                assertThat(message)
                    .isEqualTo(
                        "17 ranks cannot share a step of 'batchPairs: 16': lower one or raise the"
                            + " other"),
            message -> assertThat(message).startsWith("unknown key 'ranks': expected one of"));
    String others =
        SampleRecipe.YAML.replace("steps: 100", "steps: 100\n    ranks: 2\n    trainer: olmo-core");
    assertThat(problems(others))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .isEqualTo(
                        "trainer 'olmo-core' decides itself how many processes it has: leave the"
                            + " key out"));
    String fits = SampleRecipe.YAML.replace("steps: 100", "steps: 100\n    ranks: 8");
    assertThat(Recipe.parse(fits, "sample.yaml").stage("pretrain").orElseThrow().number("ranks"))
        .contains(8L);
  }

  @Test
  void refusesTextsThatGrowWithoutEnd() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(bomb.toString()))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("aliases"));
  }

  /** As JSON may carry one; the YAML library reads beyond its buffer for the other half. */
  @Test
  void refusesHalvesOfCharacters() {
    String before = "name: a\n" + "#".repeat(1015);
    assertThat(problems(before + "\ud800"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(2);
              assertThat(problem.column()).isEqualTo(1016);
              assertThat(problem.message())
                  .isEqualTo(
                      "this is not YAML: half of a character stands here (\\ud800): remove it");
            });
  }

  @Test
  void refusesTextsThatGoDeepWithoutEnd() {
    assertThat(problems("[".repeat(200_000)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).startsWith("this is not YAML: "));
  }

  @Test
  void saysWhereTextIsNoYaml() {
    assertThat(problems("recipe: 1\nname: ["))
        .first()
        .satisfies(it -> assertThat(it.line()).isEqualTo(2));
  }

  @Test
  void overridesChangeSingleKeys() {
    Recipe changed =
        SampleRecipe.recipe()
            .withOverrides(
                Map.of(
                    "pretrain.steps", "50",
                    "stages.midtrain.mix.code", 2,
                    "model.layers", 2,
                    "evaluate.mathsQuestions", 7,
                    "seed", "21"));
    assertThat(changed.stage("pretrain").orElseThrow().number("steps")).contains(50L);
    assertThat(changed.stage("midtrain").orElseThrow().block("mix"))
        .containsEntry("glosses", 0.2)
        .containsEntry("code", 2.0);
    assertThat(changed.model().layers()).isEqualTo(2);
    assertThat(changed.evaluate().orElseThrow().number("mathsQuestions")).contains(7L);
    assertThat(changed.seed()).isEqualTo(21);
    assertThat(changed.digest()).isNotEqualTo(SampleRecipe.recipe().digest());
  }

  @Test
  void whatFollowsFromAChangedKeyFollowsAnew() {
    Recipe changed =
        SampleRecipe.recipe().withOverrides(Map.of("model.context", 128, "dpo.pairs", 20));
    assertThat(changed.stage("pretrain").orElseThrow().number("rowLength")).contains(128L);
    assertThat(changed.stage("dpo").orElseThrow().number("heldOutPairs")).contains(5L);
    Recipe again = changed.withOverrides(Map.of("model.vocabulary", 600));
    assertThat(again.stage("curate").orElseThrow().number("vocabulary")).contains(600L);
    assertThat(again.model().context()).isEqualTo(128);
  }

  @Test
  void aValueOfTheTextThatAnOverrideMakesWrongIsNamedByItsLine() {
    assertThatThrownBy(() -> SampleRecipe.recipe().withOverrides(Map.of("pretrain.steps", 5)))
        .hasMessageContaining(
            "sample.yaml:35:18: stages.pretrain.warmupSteps: the warm-up of 10 steps is longer");
  }

  @Test
  void overridesOfUnknownKeysNameTheNearestOne() {
    assertThatThrownBy(() -> SampleRecipe.recipe().withOverrides(Map.of("pretrian.steps", 5)))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("did you mean 'pretrain'?");
    assertThatThrownBy(() -> SampleRecipe.recipe().withOverrides(Map.of("pretrain.stepz", 5)))
        .hasMessageContaining("override: stages.pretrain.stepz: unknown key 'stepz'");
  }

  private static List<Problem> problems(String yaml) {
    RecipeException wrong =
        catchThrowableOfType(RecipeException.class, () -> Recipe.parse(yaml, "sample.yaml"));
    return wrong.problems();
  }
}
