package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.SampleRecipe;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private final Plan plan = Plan.of(SampleRecipe.recipe());

  @Test
  void evaluatesEachTrainingStageRightAfterIt() {
    assertThat(plan.flow().stages().stream().map(StagePlan::name))
        .containsExactly(
            "synthesize",
            "curate",
            "pretrain",
            "evaluate-pretrain",
            "midtrain",
            "evaluate-midtrain",
            "long-context",
            "evaluate-long-context",
            "sft",
            "evaluate-sft",
            "dpo",
            "evaluate-dpo",
            "rlvr",
            "evaluate-rlvr",
            "release");
  }

  @Test
  void wiresRolesToOutputs() {
    assertThat(plan.flow().stage("midtrain").inputs())
        .containsOnlyKeys("checkpoint", "tokenizer", "tokens.code", "tokens.glosses", "tokens.sums")
        .containsEntry("checkpoint", new StageInput("pretrain", "checkpoint", null))
        .containsEntry("tokens.code", new StageInput("curate", "tokens.code", null));
    assertThat(plan.flow().stage("dpo").inputs())
        .containsEntry("weak", new StageInput("pretrain", "checkpoint", 50L))
        .containsEntry("prompts", new StageInput("synthesize", "prompts", null));
    assertThat(plan.flow().stage("release").inputs())
        .containsEntry(
            "evaluation.evaluate-midtrain",
            new StageInput("evaluate-midtrain", "evaluation", null));
  }

  @Test
  void anEvaluationReadsHeldOutTextOfRealSourcesOnly() {
    assertThat(plan.flow().stage("evaluate-sft").inputs())
        .containsOnlyKeys(
            "checkpoint", "questions", "tokenizer", "held-out.code", "held-out.glosses");
  }

  @Test
  void parametersNameNoStagesSoThatRenamingOneChangesNoFingerprint() {
    assertThat(plan.flow().stage("midtrain").parameters())
        .doesNotContainKeys("from", "data", "pool", "seed")
        .containsKeys("mix", "steps", "learningRate");
  }

  @Test
  void countsTheWeightsOfAModelByHand() {
    // 2·512·64 tables; 4 blocks of 4·64² + 3·64·160 + 4·64; last norm 64.
    long expected = 2 * 512 * 64 + 4 * (4 * 64 * 64 + 3 * 64 * 160 + 4 * 64) + 64;
    assertThat(ParameterCount.of(SampleRecipe.recipe().model())).isEqualTo(expected);
  }

  @Test
  void sharedKeysLargerHeadsAndATiedHeadAreCounted() {
    String yaml =
        SampleRecipe.YAML.replace(
            "heads: 4\n", "heads: 4\n  keyValueHeads: 2\n  headSize: 32\n  tiedHead: true\n");
    // One 512·64 table; 4 blocks of queries 128 and keys 64 wide; last norm 64.
    long block = 2 * 64 * 128 + 2 * 64 * 64 + 3 * 64 * 160 + 2 * 64 + 128 + 64;
    assertThat(ParameterCount.of(Recipe.parse(yaml, "recipe").model()))
        .isEqualTo(512 * 64 + 4 * block + 64);
  }

  @Test
  void ofExpertsOnlyThoseThatATokenGoesToAreMultiplied() {
    String yaml =
        SampleRecipe.YAML.replace("heads: 4\n", "heads: 4\n  experts: {count: 8, perToken: 2}\n");
    Recipe sparse = Recipe.parse(yaml, "recipe");
    // 2·512·64 tables; 4 blocks of 4·64², a router of 8·64, experts of 3·64·160 and 4·64 in norms.
    long shared = 2 * 512 * 64 + 4 * (4 * 64 * 64 + 8 * 64 + 4 * 64) + 64;
    assertThat(ParameterCount.of(sparse.model())).isEqualTo(shared + 4 * 8 * 3 * 64 * 160);
    assertThat(ParameterCount.active(sparse.model())).isEqualTo(shared + 4 * 2 * 3 * 64 * 160);
    // Two experts are two SwiGLUs in the place of one, and the router is on top.
    double more =
        FlopCount.forward(sparse.model(), 1, 64)
            - FlopCount.forward(SampleRecipe.recipe().model(), 1, 64);
    assertThat(more).isEqualTo(2.0 * 4 * (3 * 64 * 160 + 8 * 64));
    Cost cost = Plan.of(sparse).costs().getOrDefault("pretrain", Cost.NONE);
    assertThat(cost.activeParameters()).isEqualTo(ParameterCount.active(sparse.model()));
  }

  @Test
  void aFlowMayBeginWithAnImportedModel() {
    String yaml =
        SampleRecipe.YAML
            .replace(
                "  midtrain:\n",
                """
                  import:
                    folder: /models/toy
                    files:
                      - {name: config.json, sha256: %1$s}
                      - {name: tokenizer.json, sha256: %1$s}
                      - {name: model.safetensors, sha256: %1$s}
                  midtrain:
                """
                    .formatted("0".repeat(64)))
            .replace("from: pretrain\n", "from: import\n");
    Plan imported = Plan.of(Recipe.parse(yaml, "recipe"));
    assertThat(imported.flow().stage("midtrain").inputs())
        .containsEntry("checkpoint", new StageInput("import", "checkpoint", null));
    assertThat(imported.flow().stage("evaluate-import").inputs())
        .containsEntry("checkpoint", new StageInput("import", "checkpoint", null));
    assertThat(imported.flow().stage("import").inputs()).isEmpty();
  }

  @Test
  void countsWhatATokenSeesThroughAWindow() {
    assertThat(FlopCount.seen(4, 4)).isEqualTo((1 + 2 + 3 + 4) / 4.0);
    assertThat(FlopCount.seen(6, 2)).isEqualTo((1 + 2 * 5) / 6.0, within(1e-12));
  }

  @Test
  void equalStagesHaveEqualPlansWhateverTheirOrderInTheText() {
    assertThat(
            new RecipeCompiler()
                .compile(SampleRecipe.recipe().canonicalJson(), java.util.Map.of())
                .stages())
        .isEqualTo(List.copyOf(plan.flow().stages()));
  }
}
