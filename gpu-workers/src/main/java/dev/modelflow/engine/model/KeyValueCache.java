package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Keys and values of the tokens that a batch of sequences has seen, so that each new token costs
 * one position. Rows are aligned at their right: a row that is shorter starts at a later column.
 * Its tensors belong to the scope in which it was made.
 */
public final class KeyValueCache {
  /** One layer's keys and values, each [rows, keyValueHeads, columns, headSize]. */
  record Layer(Tensor keys, Tensor values) {}

  private final ModelConfig config;
  private final int[] starts;
  private final int columns;
  private final List<Layer> layers;
  private int used;

  /**
   * An empty cache.
   *
   * @param starts first column of each row
   * @param columns how many tokens fit, padding included
   */
  public KeyValueCache(ModelConfig config, int[] starts, int columns) {
    this(config, starts, columns, new ArrayList<>());
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(new Layer(zeros(), zeros()));
    }
  }

  private KeyValueCache(ModelConfig config, int[] starts, int columns, List<Layer> layers) {
    this.config = config;
    this.starts = starts;
    this.columns = columns;
    this.layers = layers;
  }

  private Tensor zeros() {
    return Tensors.zeros(starts.length, config.keyValueHeads(), columns, config.headSize());
  }

  /** A cache with each row {@code times} times, one behind the other. */
  public KeyValueCache repeated(int times) {
    int[] repeatedStarts = new int[starts.length * times];
    Arrays.setAll(repeatedStarts, row -> starts[row / times]);
    List<Layer> repeated = new ArrayList<>();
    for (Layer layer : layers) {
      repeated.add(new Layer(repeat(layer.keys(), times), repeat(layer.values(), times)));
    }
    KeyValueCache cache = new KeyValueCache(config, repeatedStarts, columns, repeated);
    cache.used = used;
    return cache;
  }

  private static Tensor repeat(Tensor tensor, int times) {
    return tensor.repeat_interleave(times, new LongOptional(0), new LongOptional());
  }

  int rows() {
    return starts.length;
  }

  /** Puts the keys and values of new tokens behind those before; returns all that are visible. */
  Layer append(int layer, Tensor keys, Tensor values, int length) {
    Layer all = layers.get(layer);
    all.keys().narrow(2, used, length).copy_(keys);
    all.values().narrow(2, used, length).copy_(values);
    return new Layer(
        all.keys().narrow(2, 0, used + length), all.values().narrow(2, 0, used + length));
  }

  /** Each row's position of each of the next {@code length} columns; 0 for padding. */
  int[] positions(int length) {
    int[] positions = new int[rows() * length];
    Arrays.setAll(positions, i -> Math.max(0, used + i % length - starts[i / length]));
    return positions;
  }

  /** What the next {@code length} columns may see: [rows, 1, length, used + length]. */
  Tensor bias(int length, int window) {
    int width = used + length;
    float[] bias = new float[rows() * length * width];
    Arrays.fill(bias, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows() * length; i++) {
      int column = used + i % length;
      int first = window == 0 ? 0 : column - window + 1;
      // Padding before a row's start sees itself, since a softmax needs something to see.
      int from = Math.min(column, Math.max(first, starts[i / length]));
      Arrays.fill(bias, i * width + from, i * width + column + 1, 0);
    }
    return Tensors.floats(bias, rows(), 1, length, width);
  }

  void advance(int length) {
    used += length;
  }
}
