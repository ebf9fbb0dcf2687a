package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class OverridePropertyTest {
  private static final List<String> VALUES =
      List.of("1", "2", "16", "300", "0.5", "1e-3", "0123", "true", "linear", "cpu.2", "pretrain");

  @Provide
  Arbitrary<Map<String, Object>> recipes() {
    return Arbitraries.randomValue(RandomRecipe::draw);
  }

  /** Wrong values are wrong in both ways, with the same words. */
  @Property(tries = 500)
  void anOverrideIsTheSameAsEditingTheText(
      @ForAll("recipes") Map<String, Object> recipe, @ForAll Random random) {
    Recipe written = Recipe.parse(YamlText.of(recipe), "random.yaml");
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      List<String> path = pathIn(written, random);
      @Nullable String value =
          random.nextInt(5) == 0 ? null : VALUES.get(random.nextInt(VALUES.size()));
      overrides.put(String.join(".", path), value);
      edit(recipe, inText(path), value);
    }
    assertThat(outcome(() -> written.withOverrides(overrides)))
        .isEqualTo(outcome(() -> Recipe.parse(YamlText.of(recipe), "edited.yaml")));
  }

  @Property(tries = 200)
  void overridesAddUp(@ForAll("recipes") Map<String, Object> recipe, @ForAll Random random) {
    Recipe written = Recipe.parse(YamlText.of(recipe), "random.yaml");
    String stage = RandomRecipe.training(written).getFirst();
    Map<String, Object> first = Map.of("seed", random.nextInt(9), stage + ".rows", 10);
    Map<String, Object> second = Map.of(stage + ".rows", 11, stage + ".seed", random.nextInt(9));
    Map<String, Object> both = new LinkedHashMap<>(first);
    both.putAll(second);
    assertThat(outcome(() -> written.withOverrides(first).withOverrides(second)))
        .isEqualTo(outcome(() -> written.withOverrides(both)));
  }

  /** The canonical form, or what is wrong. */
  private static String outcome(Supplier<Recipe> recipe) {
    try {
      return recipe.get().canonicalJson();
    } catch (RecipeException wrong) {
      return String.join(
          "\n",
          wrong.problems().stream()
              .map(problem -> problem.path() + ": " + problem.message())
              .sorted()
              .toList());
    }
  }

  private static List<String> pathIn(Recipe recipe, Random random) {
    int way = random.nextInt(6);
    if (way == 0) {
      return List.of("seed");
    }
    if (way == 1) {
      return List.of("model", name(RecipeFields.MODEL, random));
    }
    if (way == 2 && recipe.evaluate().isPresent()) {
      return List.of("evaluate", name(RecipeFields.of(StageKind.EVALUATE), random));
    }
    StageSpec stage = recipe.stages().get(random.nextInt(recipe.stages().size()));
    Field field = pick(RecipeFields.of(stage.kind()), random);
    return switch (field.type()) {
      case FieldType.Group group ->
          List.of(stage.name(), field.name(), name(group.fields(), random));
      case FieldType.Named names -> List.of(stage.name(), field.name(), "code");
      case FieldType.Weights weights -> List.of(stage.name(), field.name(), "code");
      default -> List.of(stage.name(), field.name());
    };
  }

  private static String name(List<Field> fields, Random random) {
    return pick(fields, random).name();
  }

  private static Field pick(List<Field> fields, Random random) {
    return fields.get(random.nextInt(fields.size()));
  }

  private static List<String> inText(List<String> path) {
    boolean top = path.size() == 1 || List.of("model", "evaluate").contains(path.getFirst());
    return top ? path : Stream.concat(Stream.of("stages"), path.stream()).toList();
  }

  private static void edit(Map<String, Object> block, List<String> path, @Nullable String value) {
    if (path.size() > 1) {
      Map<String, Object> below = new LinkedHashMap<>();
      if (block.get(path.getFirst()) instanceof Map<?, ?> map) {
        map.forEach((key, it) -> below.put(key.toString(), it));
      }
      block.put(path.getFirst(), below);
      edit(below, path.subList(1, path.size()), value);
    } else if (value == null) {
      block.remove(path.getFirst());
    } else {
      block.put(path.getFirst(), new YamlText.Plain(value));
    }
  }
}
