package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DefectPropertyTest {
  private static final String FILE = "random.yaml";

  @Provide
  Arbitrary<Map<String, Object>> recipes() {
    return Arbitraries.randomValue(RandomRecipe::draw);
  }

  @Property(tries = 300)
  void anUnknownKeyIsTheOnlyProblem(
      @ForAll("recipes") Map<String, Object> recipe, @ForAll Random random) {
    pick(blocks(recipe), random).put("zzz", 1L);
    String text = YamlText.of(recipe);
    assertThat(problems(text))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(lineOf("zzz: 1", text));
              assertThat(problem.path()).endsWith("zzz");
            });
  }

  @Property(tries = 300)
  void aListInPlaceOfAValueIsFoundOnItsLine(
      @ForAll("recipes") Map<String, Object> recipe, @ForAll Random random) {
    Map<String, Object> block = pick(blocks(recipe), random);
    List<String> keys =
        block.entrySet().stream()
            .filter(entry -> !(entry.getValue() instanceof Map || entry.getValue() instanceof List))
            .map(Map.Entry::getKey)
            .toList();
    if (!keys.isEmpty()) {
      block.put(pick(keys, random), new YamlText.Plain("[4, 4]"));
      String text = YamlText.of(recipe);
      int line = lineOf("[4, 4]", text);
      assertThat(problems(text))
          .anySatisfy(
              problem -> {
                assertThat(problem.line()).isEqualTo(line);
                assertThat(problem.message()).contains("found a list");
              });
    }
  }

  @Property(tries = 300)
  void aCircleIsFoundAtOneOfItsStages(
      @ForAll("recipes") Map<String, Object> drawn, @ForAll Random random) {
    Recipe recipe = Recipe.parse(YamlText.of(drawn), FILE);
    List<String> continued =
        RandomRecipe.training(recipe).stream()
            .filter(name -> recipe.stage(name).orElseThrow().reference("from").isPresent())
            .toList();
    String last = pick(continued, random);
    List<String> before = new ArrayList<>();
    for (String at = last; continued.contains(at); at = before(recipe, at)) {
      before.add(at);
    }
    stage(drawn, pick(before, random)).put("from", last);
    String text = YamlText.of(drawn);
    assertThat(problems(text))
        .isNotEmpty()
        .allSatisfy(
            problem -> {
              String stage = problem.path().substring("stages.".length());
              assertThat(problem.message())
                  .startsWith("the stages go round in a circle: " + stage + " reads ")
                  .endsWith(" reads " + stage);
              assertThat(text.lines().toList().get(problem.line() - 1).strip().replace("\"", ""))
                  .isEqualTo(stage + ":");
            });
  }

  /** The stage that a training stage starts from; empty where it starts from nothing. */
  private static String before(Recipe recipe, String stage) {
    return recipe.stage(stage).flatMap(it -> it.reference("from")).map(StageRef::stage).orElse("");
  }

  @Property(tries = 300)
  void anInputThatIsMissingIsFoundWhereItIsNamed(
      @ForAll("recipes") Map<String, Object> drawn, @ForAll Random random) {
    StageSpec stage = pick(Recipe.parse(YamlText.of(drawn), FILE).stages(), random);
    for (Field field : RecipeFields.of(stage.kind())) {
      if (field.type().isReference() && stage.reference(field.name()).isPresent()) {
        stage(drawn, stage.name()).put(field.name(), "not-here");
        String text = YamlText.of(drawn);
        assertThat(problems(text))
            .singleElement()
            .satisfies(
                problem -> {
                  assertThat(problem.line()).isEqualTo(lineOf("not-here", text));
                  assertThat(problem.message()).startsWith("there is no stage 'not-here'");
                });
        return;
      }
    }
  }

  @Property(tries = 1000)
  void damagedTextIsReadOrRefusedWithPlaces(
      @ForAll("recipes") Map<String, Object> recipe, @ForAll Random random) {
    StringBuilder text = new StringBuilder(YamlText.of(recipe));
    String noise = "{}[]:,&*!|>%@`\"' \n\t#?-~\u0000\ud800\u2028x0";
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(text.length() - 1);
      char c = noise.charAt(random.nextInt(noise.length()));
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, c);
        case 1 -> text.setCharAt(at, c);
        default -> text.delete(at, at + 1 + random.nextInt(Math.min(40, text.length() - at - 1)));
      }
    }
    try {
      Recipe.parse(text.toString(), FILE);
    } catch (RecipeException wrong) {
      assertThat(wrong.problems()).isNotEmpty().allSatisfy(DefectPropertyTest::isPlaced);
    }
  }

  private static List<Problem> problems(String text) {
    RecipeException wrong =
        catchThrowableOfType(RecipeException.class, () -> Recipe.parse(text, FILE));
    assertThat(wrong.problems()).allSatisfy(DefectPropertyTest::isPlaced);
    return wrong.problems();
  }

  private static void isPlaced(Problem problem) {
    assertThat(problem.file()).isEqualTo(FILE);
    assertThat(problem.line()).isPositive();
    assertThat(problem.column()).isPositive();
  }

  private static int lineOf(String part, String text) {
    return 1 + (int) text.substring(0, text.indexOf(part)).chars().filter(c -> c == '\n').count();
  }

  /** Every block with fixed keys: the recipe itself, the model, the stages, their sources. */
  private static List<Map<String, Object>> blocks(Map<String, Object> recipe) {
    List<Map<String, Object>> blocks = new ArrayList<>(List.of(recipe, block(recipe, "model")));
    for (String stage : block(recipe, "stages").keySet()) {
      Map<String, Object> block = stage(recipe, stage);
      blocks.add(block);
      if (block.get("sources") instanceof List<?> sources) {
        sources.forEach(source -> blocks.add(changeable(source)));
      }
    }
    if (recipe.containsKey("evaluate")) {
      blocks.add(block(recipe, "evaluate"));
    }
    return blocks;
  }

  private static Map<String, Object> stage(Map<String, Object> recipe, String name) {
    return block(block(recipe, "stages"), name);
  }

  private static Map<String, Object> block(Map<String, Object> above, String key) {
    return changeable(Objects.requireNonNull(above.get(key), key));
  }

  @SuppressWarnings("unchecked") // random recipes are made of such maps only
  private static Map<String, Object> changeable(Object block) {
    return (Map<String, Object>) block;
  }

  private static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
