package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TypoPropertyTest {
  private static final Pattern KEY =
      Pattern.compile("^ {4,}(?:- )?([a-zA-Z]{4,}):", Pattern.MULTILINE);

  @Property(tries = 200)
  void everyMistypedKeyIsFoundOnItsLine(
      @ForAll @IntRange(max = 10_000) int which, @ForAll @IntRange(max = 10_000) int where) {
    List<int[]> keys = new ArrayList<>();
    Matcher matcher = KEY.matcher(SampleRecipe.YAML);
    while (matcher.find()) {
      keys.add(new int[] {matcher.start(1), matcher.end(1)});
    }
    int[] key = keys.get(which % keys.size());
    int at = key[0] + where % (key[1] - key[0]);
    String text = SampleRecipe.YAML.substring(0, at) + "q" + SampleRecipe.YAML.substring(at);
    int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    RecipeException wrong =
        catchThrowableOfType(RecipeException.class, () -> Recipe.parse(text, "typo.yaml"));
    assertThat(wrong.problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.nearest()).isEqualTo(SampleRecipe.YAML.substring(key[0], key[1]));
            });
  }
}
