package dev.modelflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.plan.RecipeCompiler;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a derived run is compiled from, with the compiler that reads real recipes. */
@UsesServices
class DerivedRecipeTest {
  private static final Map<String, @Nullable Object> RATE = Map.of("sft.learningRate", 0.5);

  private final LedgerFixture fixture = new LedgerFixture();
  private final RunService service =
      new RunService(fixture.ledger(), fixture.store(), new RecipeCompiler(), "default");

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aRerunOfARecipeThatHoldsWhatAnotherRunOverrodeKeepsIt() {
    Run overridden = start(SampleLedger.RECIPE, RATE);
    String text =
        SampleLedger.RECIPE.replace(
            "sft: {from: long-context, conversations: synthesize, steps: 180, rows: 8,"
                + " learningRate: 1.0e-3}",
            "sft: {from: long-context, conversations: synthesize, steps: 180, rows: 8,"
                + " learningRate: 0.5}");
    Run written = start(text, Map.of());
    assertThat(written.recipeDigest()).isEqualTo(overridden.recipeDigest());
    assertThat(source(written)).isEqualTo(text);
    assertThat(source(overridden)).isEqualTo(SampleLedger.RECIPE);

    Run again = rerun(written, Map.of());

    assertThat(again.recipeDigest()).isEqualTo(written.recipeDigest());
    assertThat(rate(again)).isEqualTo(0.5);
    assertThat(source(again)).isEqualTo(text);
  }

  @Test
  void aRerunOfARerunKeepsTheChangesOfBoth() {
    Run first = rerun(start(SampleLedger.RECIPE, RATE), Map.of("dpo.steps", 7));
    Run second = rerun(first, Map.of("rlvr.steps", 9));
    assertThat(rate(second)).isEqualTo(0.5);
    assertThat(second.overrides()).containsOnlyKeys("sft.learningRate", "dpo.steps", "rlvr.steps");
    assertThat(source(second)).isEqualTo(SampleLedger.RECIPE);
    assertThat(new RecipeCompiler().compile(source(second), second.overrides()).recipeDigest())
        .isEqualTo(second.recipeDigest());
  }

  private Run start(String recipe, Map<String, @Nullable Object> overrides) {
    return service.submit(new RunRequest.New(recipe, overrides), "tester");
  }

  private Run rerun(Run parent, Map<String, @Nullable Object> overrides) {
    return service.submit(new RunRequest.Rerun(parent.id(), "sft", overrides), "tester");
  }

  private @Nullable Object rate(Run run) {
    return fixture.ledger().stages().get(run.id(), "sft").parameters().get("learningRate");
  }

  private String source(Run run) {
    return new RunQueries(fixture.ledger().jdbc()).find(run.id()).orElseThrow().recipeSource();
  }
}
