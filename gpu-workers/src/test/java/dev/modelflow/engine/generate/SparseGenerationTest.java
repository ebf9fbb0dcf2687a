package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
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
    // Of different lengths, so that the shorter rows of the batch begin with padding.
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
            scorer.logProbs(List.of(row(prompts.get(i), continuation.tokens()))).getFirst();
        assertThat(continuation.logProbs()).containsExactly(again, within(2e-4f));
      }
    }
  }

  /** The prompt and its answer, of which every token is asked for. */
  private static PackedRows row(int[] prompt, int[] answer) {
    int length = prompt.length + answer.length - 1;
    int[] tokens = new int[length];
    int[] targets = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = i < prompt.length ? prompt[i] : answer[i - prompt.length];
      targets[i] = i < prompt.length - 1 ? PackedRows.NO_TARGET : answer[i - prompt.length + 1];
    }
    return PackedRows.of(List.of(List.of(new Sequence(tokens, targets))), length);
  }
}
