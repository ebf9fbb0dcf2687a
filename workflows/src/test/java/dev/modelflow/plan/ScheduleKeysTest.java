package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelflow.recipe.Problem;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.recipe.SampleRecipe;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a recipe says as a share reaches trainers as a number. */
class ScheduleKeysTest {
  private static final String WARMUP = "warmupSteps: 10";

  private static Map<String, @Nullable Object> pretrain(String keys) {
    String yaml = SampleRecipe.YAML.replace(WARMUP, keys);
    return Plan.of(Recipe.parse(yaml, "sample.yaml")).flow().stage("pretrain").parameters();
  }

  private static List<String> problems(String keys) {
    RecipeException wrong =
        catchThrowableOfType(RecipeException.class, () -> pretrain(keys.indent(4).strip()));
    return wrong.problems().stream().map(Problem::message).toList();
  }

  @Test
  void sharesBecomeNumbers() {
    assertThat(pretrain("warmupFraction: 0.03\n    finalFraction: 0.5"))
        .containsEntry("warmupSteps", 3L)
        .containsEntry("finalLearningRate", 1.5e-3)
        .doesNotContainKeys("warmupFraction", "finalFraction");
  }

  @Test
  void sharesAreOfTheWholeSchedule() {
    assertThat(pretrain("scheduleSteps: 400\n    warmupFraction: 0.1\n    schedule: wsd"))
        .containsEntry("warmupSteps", 40L)
        .containsEntry("decaySteps", 40L);
  }

  @Test
  void halfAStepGoesToTheEvenOneAsInPython() {
    assertThat(pretrain("warmupFraction: 0.025")).containsEntry("warmupSteps", 2L);
    assertThat(pretrain("warmupFraction: 0.035")).containsEntry("warmupSteps", 4L);
  }

  @Property(tries = 100)
  void aShareMeansWhatItsNumberMeans(@ForAll @IntRange(max = 100) int percent) {
    assertThat(pretrain("warmupFraction: " + percent / 100.0))
        .isEqualTo(pretrain("warmupSteps: " + percent));
  }

  @Test
  void aRecipeWithoutTheseKeysIsAsBefore() {
    assertThat(pretrain(WARMUP))
        .doesNotContainKeys("scheduleSteps", "decaySteps", "decayFraction", "warmupFraction")
        .containsEntry("finalLearningRate", 0.1 * 3e-3);
  }

  @Test
  void aShareFollowsChangedSteps() {
    String yaml = SampleRecipe.YAML.replace(WARMUP, "warmupFraction: 0.1");
    Recipe ran = Recipe.parse(Recipe.parse(yaml, "sample.yaml").canonicalJson(), "ran");
    Recipe changed = ran.withOverrides(Map.of("pretrain.steps", 200));
    assertThat(Plan.of(changed).flow().stage("pretrain").parameters())
        .containsEntry("warmupSteps", 20L);
  }

  @Test
  void saysWhatContradictsItself() {
    assertThat(problems("warmupSteps: 10\nwarmupFraction: 0.1"))
        .containsExactly(
            "'warmupSteps' and 'warmupFraction' say the same: keep one of them (null takes the other"
                + " away)");
    assertThat(problems("scheduleSteps: 99"))
        .containsExactly("the stage's 100 steps are more than the schedule's 99");
    assertThat(problems("scheduleSteps: 200\nwarmupSteps: 201"))
        .containsExactly("the warm-up of 201 steps is longer than the schedule's 200 steps");
    assertThat(problems("decaySteps: 5"))
        .containsExactly("'decaySteps' is of the schedule wsd alone, and this one is cosine");
    assertThat(problems("schedule: wsd\nwarmupSteps: 95"))
        .containsExactly("a warm-up of 95 steps and a decay of 10 are more than 100 steps");
  }
}
