package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.recipe.Problem;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.recipe.SampleRecipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MicroannealPlanTest {
  private static final String YAML =
      SampleRecipe.YAML.replace(
          "  midtrain:\n",
          """
            try:
              kind: microanneal
              from: pretrain@50
              data: curate
              web: {glosses: 1, code: 3}
              candidates:
                maths: {sums: 1, problems: 1}
                code: {code: 7}
              rankBy: [problems, sums]
              steps: 5
              rows: 4
            midtrain:
          """);

  private static FlowPlan plan(String yaml) {
    return Plan.of(Recipe.parse(yaml, "recipe")).flow();
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(RecipeException.class, () -> Recipe.parse(yaml, "recipe"))
        .problems()
        .stream()
        .map(Problem::message)
        .toList();
  }

  @Test
  void eachCandidateAndTheWebAloneAreAnnealedAndMeasuredWithEachSeed() {
    FlowPlan flow = plan(YAML);
    for (String name : List.of("web", "maths", "code")) {
      for (int i = 1; i <= 2; i++) {
        StagePlan anneal = flow.stage("try-" + name + "-" + i);
        assertThat(anneal.kind()).isEqualTo(StageKind.MIDTRAIN);
        assertThat(anneal.pool()).isEqualTo("gpu");
        assertThat(anneal.seed()).isEqualTo(19 + i);
        assertThat(anneal.inputs())
            .containsEntry("checkpoint", new StageInput("pretrain", "checkpoint", 50L));
        assertThat(flow.stage("evaluate-try-" + name + "-" + i).inputs())
            .containsEntry(
                "checkpoint", new StageInput("try-" + name + "-" + i, "checkpoint", null));
      }
    }
  }

  @Test
  void halfOfTheTokensAreTheCandidatesAndTheWebHasTheRest() {
    assertThat(plan(YAML).stage("try-maths-1").parameters())
        .containsEntry(
            "mix", Map.of("sums", 0.25, "problems", 0.25, "glosses", 0.125, "code", 0.375))
        .containsEntry("steps", 5L)
        .containsEntry("schedule", "linear")
        .containsEntry("finalLearningRate", 0.0)
        .doesNotContainKey("learningRate");
    assertThat(plan(YAML).stage("try-web-1").parameters())
        .containsEntry("mix", Map.of("glosses", 1.0, "code", 3.0));
    assertThat(plan(YAML).stage("try-code-1").parameters())
        .as("a source of both")
        .containsEntry("mix", Map.of("glosses", 0.125, "code", 0.875));
  }

  @Test
  void aShareOfOneLeavesTheWebOut() {
    Recipe recipe = Recipe.parse(YAML, "recipe").withOverrides(Map.of("try.targetShare", 1));
    assertThat(Plan.of(recipe).flow().stage("try-maths-1").parameters())
        .containsEntry("mix", Map.of("sums", 0.5, "problems", 0.5));
  }

  @Test
  void theRankingReadsEveryEvaluationUnderItsCandidate() {
    StagePlan ranking = plan(YAML).stage("try");
    assertThat(ranking.kind()).isEqualTo(StageKind.MICROANNEAL);
    assertThat(ranking.pool()).isEqualTo("cpu");
    assertThat(ranking.inputs())
        .containsOnlyKeys(
            "evaluation.web.1",
            "evaluation.web.2",
            "evaluation.maths.1",
            "evaluation.maths.2",
            "evaluation.code.1",
            "evaluation.code.2")
        .containsEntry(
            "evaluation.maths.2", new StageInput("evaluate-try-maths-2", "evaluation", null));
  }

  @Test
  void anAnnealDoesNotHangOnHowItIsRanked() {
    Recipe recipe = Recipe.parse(YAML, "recipe");
    FlowPlan other = Plan.of(recipe.withOverrides(Map.of("try.pool", "other"))).flow();
    assertThat(other.stage("try-maths-1")).isEqualTo(plan(YAML).stage("try-maths-1"));
    FlowPlan text = plan(YAML.replace("[problems, sums]", "[text]"));
    assertThat(text.stage("try-maths-1")).isEqualTo(plan(YAML).stage("try-maths-1"));
  }

  @Test
  void aCandidateIsChangedByAnOverride() {
    Recipe recipe =
        Recipe.parse(YAML, "recipe").withOverrides(Map.of("try.candidates.maths.sums", 3));
    assertThat(Plan.of(recipe).flow().stage("try-maths-1").parameters().get("mix"))
        .isEqualTo(Map.of("sums", 0.375, "problems", 0.125, "glosses", 0.125, "code", 0.375));
  }

  @Test
  void tasksThatAreNotMeasuredOrHaveNoMeanAreProblems() {
    assertThat(problems(YAML.replace("[problems, sums]", "[problem, sums]")))
        .containsExactly(
            "the evaluation measures no task 'problem': expected one of needles-new, needles-old,"
                + " problems, sums, text, text-code, text-glosses");
    assertThat(problems(YAML.replace("[problems, sums]", "[problems, text]")))
        .containsExactly(
            "task 'text' is measured in bitsPerByte and 'problems' in accuracy, which have no mean:"
                + " rank by tasks of one metric");
    assertThat(problems(YAML.replace("[problems, sums]", "[sums, sums]")))
        .containsExactly("task 'sums' stands in the list twice: name it once");
  }

  @Test
  void withoutAnEvaluationNothingCanBeRanked() {
    String yaml = YAML.substring(0, YAML.indexOf("evaluate:\n"));
    assertThat(problems(yaml))
        .containsExactly(
            "candidates are ranked by the evaluations of their anneals: add the block 'evaluate'");
  }

  @Test
  void candidatesNeedNamesAndSourcesOfTheirOwn() {
    assertThat(problems(YAML.replace("maths: {", "web: {")))
        .containsExactly("'web' is the name of the web alone: call the candidate something else");
    assertThat(problems(YAML.replace("code: {code: 7}", "Code: {kode: 7}")))
        .containsExactly(
            "'Code' is not a candidate's name: lower-case letters, digits and '-', at most 63",
            "stage 'curate' makes no source 'kode': expected one of code, glosses, needles,"
                + " problems, repeats, sums");
  }
}
