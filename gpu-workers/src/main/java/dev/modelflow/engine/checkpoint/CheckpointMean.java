package dev.modelflow.engine.checkpoint;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mean of several checkpoints of one model, piece by piece as it is asked for: it holds a fixed
 * number of values, however many checkpoints there are.
 */
public final class CheckpointMean implements PieceReader, AutoCloseable {
  /** Values of all checkpoints together that are in memory at a time. */
  private static final int VALUES_AT_ONCE = 1 << 21;

  /**
   * A checkpoint that is averaged.
   *
   * @param name what messages call it
   * @param weight above 0: how much it counts
   */
  public record Ingredient(String name, CheckpointFolder folder, double weight) {}

  private final List<Ingredient> ingredients;
  private final ModelConfig model;
  private final int valuesAtOnce;
  private final List<WeightFiles> files = new ArrayList<>();
  private final WeightedMean mean;

  private CheckpointMean(List<Ingredient> ingredients, ModelConfig model, int valuesAtOnce) {
    this.ingredients = List.copyOf(ingredients);
    this.model = model;
    this.valuesAtOnce = valuesAtOnce;
    mean = new WeightedMean(ingredients.stream().mapToDouble(Ingredient::weight).toArray());
  }

  /**
   * Opens the checkpoints' weights; close it to close them.
   *
   * @param ingredients at least one
   * @throws CheckpointException naming the key of {@code config.json}, the tokenizer, the file that
   *     an import has {@linkplain TakenOver taken over} or the tensor that differs between them, or
   *     the tensor that is damaged
   */
  public static CheckpointMean open(List<Ingredient> ingredients) throws IOException {
    return open(ingredients, VALUES_AT_ONCE);
  }

  static CheckpointMean open(List<Ingredient> ingredients, int valuesAtOnce) throws IOException {
    Ingredient first = ingredients.getFirst();
    for (Ingredient other : ingredients.subList(1, ingredients.size())) {
      requireSameModel(first, other);
      requireSameTokenizer(first, other);
      requireSameTakenOver(first, other);
    }
    CheckpointMean opened = new CheckpointMean(ingredients, first.folder().model(), valuesAtOnce);
    try {
      for (Ingredient ingredient : ingredients) {
        opened.open(ingredient);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void open(Ingredient ingredient) throws IOException {
    try {
      files.add(ingredient.folder().weights());
    } catch (CheckpointException e) {
      throw named(ingredient, e);
    }
  }

  /** The model that all of them are of. */
  public ModelConfig model() {
    return model;
  }

  /**
   * The mean of each value, rounded to float32 once; see {@link WeightedMean}.
   *
   * @throws CheckpointException where a value is not finite
   */
  @Override
  public void read(String tensor, Range piece, float[] into) throws IOException {
    int most = Math.max(1, valuesAtOnce / files.size());
    float[][] parts = new float[files.size()][(int) Math.min(most, piece.size())];
    for (Range part : piece.pieces(most)) {
      for (int i = 0; i < parts.length; i++) {
        read(i, tensor, part, parts[i]);
      }
      mean.of(parts, (int) part.size(), into, (int) (part.from() - piece.from()));
    }
  }

  private void read(int index, String tensor, Range part, float[] into) throws IOException {
    try {
      files.get(index).read(tensor, part, into);
    } catch (CheckpointException e) {
      throw named(ingredients.get(index), e);
    }
  }

  private static void requireSameModel(Ingredient one, Ingredient other) throws IOException {
    Map<String, String> expected = keys(one);
    Map<String, String> found = keys(other);
    Map<String, String> all = new LinkedHashMap<>(expected);
    all.putAll(found);
    for (String key : all.keySet()) {
      String here = expected.getOrDefault(key, "nothing");
      String there = found.getOrDefault(key, "nothing");
      if (!here.equals(there)) {
        throw new CheckpointException(
            "%s has %s %s in config.json and %s has %s: only checkpoints of one model can be merged"
                .formatted(one.name(), key, here, other.name(), there));
      }
    }
  }

  /** The model as this engine would write it: what others add to the file changes no tensor. */
  private static Map<String, String> keys(Ingredient ingredient) throws IOException {
    Map<String, @Nullable Object> config;
    try {
      config = HuggingFaceConfig.write(ingredient.folder().model());
    } catch (CheckpointException e) {
      throw named(ingredient, e);
    }
    Map<String, String> keys = new LinkedHashMap<>();
    config.forEach((key, value) -> keys.put(key, CanonicalJson.write(value)));
    return keys;
  }

  private static void requireSameTokenizer(Ingredient one, Ingredient other) throws IOException {
    if (Files.mismatch(one.folder().tokenizer(), other.folder().tokenizer()) >= 0) {
      throw new CheckpointException(
          "%s and %s have different %s: the same ids mean other text, so their mean means none"
              .formatted(one.name(), other.name(), Tokenizer.FILE));
    }
  }

  private static void requireSameTakenOver(Ingredient one, Ingredient other) throws IOException {
    Optional<String> file =
        TakenOver.difference(one.folder().tokenizer(), other.folder().tokenizer());
    if (file.isPresent()) {
      throw new CheckpointException(
          "%s and %s differ in %s, which an import has taken over: merge checkpoints of one import"
              .formatted(one.name(), other.name(), file.get()));
    }
  }

  private static CheckpointException named(Ingredient ingredient, CheckpointException cause) {
    return new CheckpointException(ingredient.name() + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    for (WeightFiles weights : files) {
      weights.close();
    }
  }
}
