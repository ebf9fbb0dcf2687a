package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelflow.domain.StageKind;
import dev.modelflow.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetsTest {
  /** The sample, whose midtrain needs no more than a preset to say how it learns. */
  private static String midtrain(String keys) {
    return SampleRecipe.YAML.replace(
        "    rows: 8\n    steps: 20\n    learningRate: 1.0e-3\n", keys.indent(4));
  }

  private static Recipe recipe(String keys) {
    return Recipe.parse(midtrain(keys), "sample.yaml");
  }

  private static Map<String, Object> values(Recipe recipe) {
    return recipe.stage("midtrain").orElseThrow().values();
  }

  @ParameterizedTest
  @EnumSource(StageKind.class)
  void everyKeyOfEveryPresetIsOneOfItsKindInTheFormOfItsType(StageKind kind) {
    Map<String, Field> fields = new HashMap<>();
    RecipeFields.of(kind).forEach(field -> fields.put(field.name(), field));
    Presets.of(kind)
        .forEach(
            (name, keys) ->
                keys.forEach(
                    (key, value) -> {
                      assertThat(fields).as(name).containsKey(key);
                      Problems problems = new Problems(name);
                      Field field = Objects.requireNonNull(fields.get(key));
                      Optional<Object> read =
                          new ValueReader(problems).value(Tree.of(value), field.type(), key);
                      problems.throwIfAny();
                      assertThat(read).as(name + " " + key).contains(value);
                    }));
  }

  @ParameterizedTest
  @EnumSource(StageKind.class)
  void everyPresetIsThereAsPaperAndAsScript(StageKind kind) {
    List<String> papers = new ArrayList<>();
    List<String> scripts = new ArrayList<>();
    for (String name : Presets.of(kind).keySet()) {
      (name.endsWith("-paper") ? papers : scripts).add(name.replaceAll("-(paper|script)$", ""));
    }
    assertThat(papers).isEqualTo(scripts);
    assertThat(Presets.field(kind).isEmpty()).isEqualTo(papers.isEmpty());
  }

  @Test
  void aPresetStandsForKeysThatTheStageDoesNotHave() {
    assertThat(values(recipe("preset: olmo3-7b-script")))
        .containsEntry("preset", "olmo3-7b-script")
        .containsEntry("steps", 47_684L)
        .containsEntry("learningRate", 0.00020712352850360292)
        .containsEntry("skipStep", Map.of("window", 128L, "deviations", 6.0));
  }

  @Test
  void theStagesOwnKeysWinAlsoOverTheOtherWayToSayThem() {
    Map<String, Object> values =
        values(recipe("preset: olmo3-7b-paper\nsteps: 50\nwarmupFraction: 0.1"));
    assertThat(values)
        .containsEntry("steps", 50L)
        .containsEntry("warmupFraction", 0.1)
        .containsEntry("rows", 256L)
        .doesNotContainKey("warmupSteps");
  }

  @Test
  void saysWhatCameFromIt() {
    StageSpec stage =
        recipe("preset: olmo3-7b-paper\nsteps: 50\nlearningRate: 1.0e-3").stage("midtrain").get();
    PresetUse use = PresetUse.of(stage).orElseThrow();
    assertThat(use.preset()).isEqualTo("olmo3-7b-paper");
    assertThat(use.taken()).containsEntry("rows", 256L).containsKey("skipStep");
    assertThat(use.changed()).isEqualTo(Map.of("steps", 47_684L, "learningRate", 2.074e-4));
    assertThat(PresetUse.of(SampleRecipe.recipe().stage("sft").orElseThrow())).isEmpty();
  }

  @Test
  void weightsOfOlmo3BeginAsOlmoCoreHasThem() {
    assertThat(Presets.of(StageKind.PRETRAIN).values())
        .isNotEmpty()
        .allSatisfy(
            keys ->
                assertThat(keys)
                    .containsEntry("embeddingDeviation", 0.02)
                    .containsEntry("linearDeviation", 0.02)
                    .containsEntry("outputNorm", 1.0));
  }

  @Test
  void aPresetIsTheSameWorkAsItsKeysWrittenOut() {
    Recipe preset = recipe("preset: olmo3-7b-script");
    StringBuilder keys = new StringBuilder();
    Objects.requireNonNull(Presets.of(StageKind.MIDTRAIN).get("olmo3-7b-script"))
        .forEach((key, value) -> keys.append(key).append(": ").append(value).append('\n'));
    String written = keys.toString().replace("{window=128, deviations=6.0}", "{}");
    assertThat(Plan.of(preset).flow().stage("midtrain").parameters())
        .isEqualTo(Plan.of(recipe(written)).flow().stage("midtrain").parameters())
        .doesNotContainKey("preset");
  }

  @Test
  void isTheSameAfterItsCanonicalFormWasReadAgain() {
    Recipe recipe = recipe("preset: olmo3-7b-paper\nsteps: 50\nfinalFraction: 0.5");
    Recipe again = Recipe.parse(recipe.canonicalJson(), "canonical");
    assertThat(again.canonicalJson()).isEqualTo(recipe.canonicalJson());
  }

  @Test
  void anotherPresetTakesTheFormersKeysAway() {
    Recipe ran =
        Recipe.parse(recipe("preset: olmo3-7b-paper\nrows: 3").canonicalJson(), "what ran");
    Map<String, Object> values =
        values(ran.withOverrides(Map.of("midtrain.preset", "olmo3-7b-pretrain-2-script")));
    assertThat(values)
        .containsEntry("rows", 3L)
        .containsEntry("schedule", "half-cosine")
        .containsEntry("steps", 816_768L)
        .containsEntry("finalFraction", 0.1)
        .doesNotContainKey("finalLearningRate");
  }

  @Test
  void anUnknownPresetIsNamedWithTheNearest() {
    RecipeException wrong =
        catchThrowableOfType(
            RecipeException.class,
            () -> recipe("preset: olmo3-7b-papr\nrows: 1\nsteps: 2\nlearningRate: 1"));
    assertThat(wrong.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.nearest()).isEqualTo("olmo3-7b-paper"));
  }

  @Test
  void aPresetIsOfAStageAndOfNothingElse() {
    for (String key : List.of("preset", "curate.preset", "model.preset")) {
      RecipeException wrong =
          catchThrowableOfType(
              RecipeException.class,
              () -> SampleRecipe.recipe().withOverrides(Map.of(key, "olmo3-7b-paper")));
      assertThat(wrong.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).startsWith("unknown key 'preset'"));
    }
  }

  @Test
  void whereReportAndScriptsAgreeBothNamesMeanTheSame() {
    assertThat(Set.copyOf(differing()))
        .isEqualTo(
            Set.of(
                "pretrain olmo3-32b [scheduleSteps]",
                "midtrain olmo3-7b-pretrain-2 [scheduleSteps]",
                "midtrain olmo3-7b [learningRate]",
                "long-context olmo3-7b [learningRate]",
                "rlvr olmo3-7b-think [importanceCap]",
                "rlvr olmo3-32b-think [promptsPerStep]",
                "rlvr olmo3-7b-instruct [importanceCap]",
                "rlvr olmo3-7b-zero [steps]"));
  }

  private static List<String> differing() {
    List<String> differing = new ArrayList<>();
    for (StageKind kind : StageKind.values()) {
      Presets.of(kind)
          .forEach(
              (name, paper) -> {
                if (name.endsWith("-paper")) {
                  String base = name.substring(0, name.length() - "-paper".length());
                  Map<String, Object> script =
                      Objects.requireNonNull(Presets.of(kind).get(base + "-script"));
                  List<String> keys =
                      Presets.keys(kind).stream()
                          .filter(
                              key ->
                                  !String.valueOf(paper.get(key))
                                      .equals(String.valueOf(script.get(key))))
                          .toList();
                  if (!keys.isEmpty()) {
                    differing.add(kind.word() + " " + base + " " + keys);
                  }
                }
              });
    }
    return differing;
  }
}
