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

class MergePlanTest {
  private static final String SOUP =
      """
        soup:
          kind: merge
          from: [pretrain@50, midtrain]
          weights: {midtrain: 3, pretrain@50: 1}
        long-context:
          from: soup
      """;

  private static FlowPlan plan(String yaml) {
    return Plan.of(Recipe.parse(yaml, "recipe")).flow();
  }

  private static String with(String soup) {
    return SampleRecipe.YAML.replace("  long-context:\n    from: midtrain\n", soup);
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(RecipeException.class, () -> Recipe.parse(yaml, "recipe"))
        .problems()
        .stream()
        .map(Problem::message)
        .toList();
  }

  @Test
  void everyIngredientIsAnInputWithItsWeight() {
    StagePlan soup = plan(with(SOUP)).stage("soup");
    assertThat(soup.inputs())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "checkpoint.1", new StageInput("midtrain", "checkpoint", null),
                "checkpoint.2", new StageInput("pretrain", "checkpoint", 50L)));
    assertThat(soup.parameters()).isEqualTo(Map.of("weights", List.of(3.0, 1.0)));
  }

  @Test
  void theOrderOfTheListHasNoMeaning() {
    String other = SOUP.replace("[pretrain@50, midtrain]", "[midtrain, pretrain@50]");
    assertThat(plan(with(other)).stage("soup")).isEqualTo(plan(with(SOUP)).stage("soup"));
  }

  @Test
  void whatIsMergedIsMeasuredAndReleasedWithAllThatCameBefore() {
    FlowPlan flow = plan(with(SOUP));
    assertThat(flow.stage("evaluate-soup").inputs())
        .containsEntry("checkpoint", new StageInput("soup", "checkpoint", null));
    assertThat(flow.stage("release").inputs())
        .containsKeys(
            "evaluation.evaluate-soup",
            "evaluation.evaluate-midtrain",
            "evaluation.evaluate-pretrain");
  }

  @Test
  void ingredientsAreTheStageSeveralTimesAndItsNameIsTheirMean() {
    FlowPlan flow = plan(SampleRecipe.YAML.replace("steps: 20", "steps: 20\n    ingredients: 2"));
    StagePlan mean = flow.stage("midtrain");
    assertThat(mean.kind()).isEqualTo(StageKind.MERGE);
    assertThat(mean.inputs())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "checkpoint.1", new StageInput("midtrain-1", "checkpoint", null),
                "checkpoint.2", new StageInput("midtrain-2", "checkpoint", null)));
    StagePlan first = flow.stage("midtrain-1");
    StagePlan second = flow.stage("midtrain-2");
    assertThat(first.kind()).isEqualTo(StageKind.MIDTRAIN);
    assertThat(first.seed()).isEqualTo(20);
    assertThat(second.seed()).isEqualTo(21);
    assertThat(second.parameters())
        .isEqualTo(first.parameters())
        .isEqualTo(plan(SampleRecipe.YAML).stage("midtrain").parameters());
    assertThat(flow.stage("long-context").inputs())
        .containsEntry("checkpoint", new StageInput("midtrain", "checkpoint", null));
    assertThat(flow.stages().stream().map(StagePlan::name))
        .contains("evaluate-midtrain-1", "evaluate-midtrain-2", "evaluate-midtrain");
  }

  @Test
  void modelsOfDifferentContextsAreNotMerged() {
    String yaml =
        SampleRecipe.YAML.replace(
            "  sft:\n    from: long-context\n",
            "  soup:\n    kind: merge\n    from: [midtrain, long-context]\n  sft:\n    from: soup\n");
    assertThat(problems(yaml))
        .containsExactly(
            "the context of 'long-context' is 4 times the model's and that of 'midtrain' 1 times:"
                + " only models of one context can be merged");
  }

  @Test
  void aCheckpointThatStandsTwiceOrHasNoWeightIsAProblem() {
    assertThat(problems(with(SOUP.replace("midtrain]", "pretrain@50]"))))
        .contains("'pretrain@50' stands in the list twice: give it a larger weight instead");
    assertThat(problems(with(SOUP.replace("{midtrain: 3, ", "{midtrian: 3, "))))
        .containsExactly(
            "'midtrain' has no weight: give one to each",
            "'midtrian' is not merged: expected one of pretrain@50, midtrain");
  }

  @Test
  void aMergeHasNoSteps() {
    assertThat(problems(with(SOUP.replace("from: soup", "from: soup@1"))))
        .containsExactly("a merge makes one checkpoint: write 'soup' alone");
    assertThat(
            problems(
                SampleRecipe.YAML
                    .replace("steps: 20", "steps: 20\n    ingredients: 2")
                    .replace("from: midtrain", "from: midtrain@20")))
        .singleElement()
        .asString()
        .startsWith("stage 'midtrain' is the mean of its ingredients and has no step 20");
  }

  @Test
  void aStageMayNotBeCalledLikeAnIngredient() {
    String yaml =
        SampleRecipe.YAML
            .replace("steps: 20", "steps: 20\n    ingredients: 2")
            .replace("  long-context:\n", "  midtrain-2:\n    kind: long-context\n")
            .replace("from: long-context", "from: midtrain-2");
    assertThat(problems(yaml))
        .contains(
            "'midtrain' makes a stage 'midtrain-2', which there is already: call one of them"
                + " something else");
  }

  @Test
  void mergesThatGoRoundInACircleAreFound() {
    String yaml = with(SOUP).replace("    from: pretrain\n", "    from: soup\n");
    assertThat(problems(yaml)).singleElement().asString().contains("round in a circle");
  }
}
