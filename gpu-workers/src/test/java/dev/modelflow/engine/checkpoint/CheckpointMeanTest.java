package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.checkpoint.CheckpointMean.Ingredient;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The mean in parts that are smaller than a tensor. */
class CheckpointMeanTest {
  private static final ModelConfig MODEL = new ModelConfig(2, 8, 2, 12, 20, 16, 4, 10_000, null);
  private static final ParameterLayout LAYOUT = new ParameterLayout(MODEL);

  @TempDir private Path root;
  private final List<Ingredient> ingredients = new ArrayList<>();

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @BeforeEach
  void write() throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      ingredients.add(ingredient(seed, Float.NaN));
    }
  }

  /** One whose last value of the embeddings is {@code last}; not a number: as it was drawn. */
  private Ingredient ingredient(int seed, float last) throws IOException {
    CheckpointFolder folder = new CheckpointFolder(root.resolve("seed-" + seed + "-" + last));
    Path tokenizer = TokenizerTrainer.train(new WordCounts(), 260).write(root);
    try (Parameters weights =
        Parameters.initialized(LAYOUT, new Initialization(0.5, 0.3, 0.7), seed)) {
      if (!Float.isNaN(last)) {
        Entry embedding = LAYOUT.entry(ParameterLayout.EMBEDDING);
        float[] values = weights.read(embedding);
        values[values.length - 1] = last;
        weights.write(embedding, Range.of(embedding.size()), values);
      }
      folder.write(MODEL, weights, null, tokenizer, JsonMapper.shared().createObjectNode());
    }
    return new Ingredient("seed " + seed, folder, seed);
  }

  private static float[] values(CheckpointMean mean, Entry weight) throws IOException {
    float[] values = new float[(int) weight.size()];
    mean.read(weight.name(), Range.of(values.length), values);
    return values;
  }

  @Test
  void thePartsChangeNoBit() throws IOException {
    try (CheckpointMean whole = CheckpointMean.open(ingredients);
        CheckpointMean parts = CheckpointMean.open(ingredients, 3 * 7);
        CheckpointMean single = CheckpointMean.open(ingredients, 1)) {
      for (Entry entry : LAYOUT.entries()) {
        float[] expected = values(whole, entry);
        assertThat(values(parts, entry)).isEqualTo(expected);
        assertThat(values(single, entry)).isEqualTo(expected);
        long last = entry.size() - 1;
        float[] one = new float[1];
        parts.read(entry.name(), new Range(last, last + 1), one);
        assertThat(one).containsExactly(expected[(int) last]);
      }
    }
  }

  @Test
  void aValueThatIsNotFiniteIsNamedByItsPlaceInTheTensor() throws IOException {
    ingredients.add(ingredient(4, Float.POSITIVE_INFINITY));
    try (CheckpointMean parts = CheckpointMean.open(ingredients, 4 * 7)) {
      assertThatThrownBy(() -> values(parts, LAYOUT.entry(ParameterLayout.EMBEDDING)))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "seed 4: model.safetensors has Infinity in tensor 'model.embed_tokens.weight' at"
                  + " value 159: use a checkpoint from before its training broke");
    }
  }
}
