package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Lanes;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparseGenerationTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 16, 2, 12, 50, 16, 6, 10_000, null)
          .extended(4)
          .withExperts(new Experts(6, 2, 0.01, 0.001));

  @Test
  void theCacheGivesWhatReadingEverythingAgainGives() {
    // Of different lengths, so that the shorter row is padded.
    List<int[]> prompts = List.of(new int[] {5, 6, 7}, new int[] {9, 8, 7, 6, 5, 4, 30, 31});
    try (Lanes lanes = new Lanes(1);
        Decoder decoder = new Decoder(MODEL, 64);
        Parameters weights =
            Parameters.initialized(
                new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3)) {
      Scorer scorer = new Scorer(decoder, weights, lanes);
      List<List<Continuation>> said =
          new Generator(decoder, weights, lanes)
              .generate(prompts.stream().map(Request::greedy).toList(), 0, 20);
      for (int i = 0; i < prompts.size(); i++) {
        Continuation continuation = said.get(i).getFirst();
        float[] again =
            scorer
                .logProbs(List.of(ToyPrompts.row(prompts.get(i), continuation.tokens())))
                .getFirst();
        assertThat(continuation.logProbs()).containsExactly(again, within(2e-4f));
      }
    }
  }
}
