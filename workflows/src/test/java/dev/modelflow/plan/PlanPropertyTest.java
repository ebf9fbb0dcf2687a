package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.recipe.RandomRecipe;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.StageSpec;
import dev.modelflow.recipe.YamlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlanPropertyTest {
  @Provide
  Arbitrary<Map<String, Object>> recipes() {
    return Arbitraries.randomValue(RandomRecipe::draw);
  }

  @Property(tries = 300)
  void everyInputStandsBeforeItsReader(@ForAll("recipes") Map<String, Object> recipe) {
    Set<String> done = new HashSet<>();
    for (StagePlan stage : Plan.of(parse(recipe)).flow().stages()) {
      assertThat(done).as("done before %s", stage.name()).containsAll(stage.after());
      done.add(stage.name());
    }
  }

  @Property(tries = 300)
  void everyStageIsPlannedOnceWithItsCostAndItsOwnSeed(
      @ForAll("recipes") Map<String, Object> drawn) {
    Recipe recipe = parse(drawn);
    Plan plan = Plan.of(recipe);
    List<String> expected = new ArrayList<>(recipe.stages().stream().map(StageSpec::name).toList());
    List<String> trained = new ArrayList<>(RandomRecipe.training(recipe));
    recipe.stages().forEach(stage -> trained.addAll(made(stage)));
    recipe.stages().forEach(stage -> expected.addAll(made(stage)));
    if (recipe.evaluate().isPresent()) {
      trained.forEach(name -> expected.add(Recipe.evaluationOf(name)));
    }
    assertThat(plan.flow().stages().stream().map(StagePlan::name))
        .containsExactlyInAnyOrderElementsOf(expected)
        .containsExactlyElementsOf(plan.costs().keySet());
    for (StageSpec stage : recipe.stages()) {
      assertThat(plan.flow().stage(stage.name()).seed())
          .isEqualTo(stage.seed() == null ? recipe.seed() : stage.seed());
    }
  }

  /** The stages that one stands for, besides itself. */
  private static List<String> made(StageSpec stage) {
    List<String> made = new ArrayList<>();
    for (int i = 1; i <= stage.ingredients(); i++) {
      made.add(stage.name() + "-" + i);
    }
    if (stage.kind() == StageKind.MICROANNEAL) {
      Set<String> names = new HashSet<>(stage.block("candidates").keySet());
      names.add("web");
      long seeds = stage.number("seeds").orElseThrow().longValue();
      for (String name : names) {
        for (int i = 1; i <= seeds; i++) {
          made.add(stage.name() + "-" + name + "-" + i);
        }
      }
    }
    return made;
  }

  @Property(tries = 300)
  void theCanonicalFormIsTheSameRecipeWithTheSamePlan(
      @ForAll("recipes") Map<String, Object> drawn) {
    Recipe recipe = parse(drawn);
    Recipe again = Recipe.parse(recipe.canonicalJson(), "canonical");
    assertThat(again.tree()).isEqualTo(recipe.tree());
    assertThat(again.canonicalJson()).isEqualTo(recipe.canonicalJson());
    assertThat(Plan.of(again).flow().stages()).isEqualTo(Plan.of(recipe).flow().stages());
  }

  @Property(tries = 300)
  void theOrderOfTheTextHasNoMeaning(
      @ForAll("recipes") Map<String, Object> drawn, @ForAll Random random) {
    Recipe recipe = parse(drawn);
    Recipe other = parse(RandomRecipe.shuffled(drawn, random));
    assertThat(other.digest()).isEqualTo(recipe.digest());
    assertThat(Plan.of(other).flow().stages()).isEqualTo(Plan.of(recipe).flow().stages());
  }

  private static Recipe parse(Map<String, Object> recipe) {
    return Recipe.parse(YamlText.of(recipe), "random.yaml");
  }
}
