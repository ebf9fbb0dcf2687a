package dev.modelflow.engine.model;

import dev.modelflow.engine.kernel.CachedHeads;
import dev.modelflow.engine.model.RotaryTable.Turn;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * Keys and values of what some continuations have seen so far, so that a new token of each costs
 * one position. Every row has a length of its own; rows come and go between steps. Position p lies
 * at place p of its row; layers with a window keep a window's places and write round and round in
 * them, since attention does not ask in which order keys lie. Close it to free its tensors.
 */
public final class KeyValueCache implements AutoCloseable {
  /** One layer's part. */
  record Layer(Slab keys, Slab values) implements AutoCloseable {
    @Override
    public void close() {
      keys.close();
      values.close();
    }
  }

  private static final int FIRST_PLACES = 64;

  private final ModelConfig config;
  private final int longest;
  private final boolean forKernels;
  private final int[] lengths;
  private List<Layer> layers;
  private int places;
  private int rows;

  /**
   * A cache without rows.
   *
   * @param most rows at a time
   * @param longest most tokens of a row; room is made as rows grow
   */
  public KeyValueCache(ModelConfig config, int most, int longest) {
    this(config, most, longest, false);
  }

  /**
   * The same.
   *
   * @param forKernels whether a {@link Decoding} is to go on with it, not a decoder's graph
   */
  public KeyValueCache(ModelConfig config, int most, int longest, boolean forKernels) {
    this.config = config;
    this.longest = longest;
    this.forKernels = forKernels;
    lengths = new int[most];
    layers = List.of();
  }

  /**
   * Adds rows behind the others, each of which begins with a prompt.
   *
   * @param chosen for each new row the number of its prompt
   */
  public void add(ReadPrompts prompts, int[] chosen) {
    for (int i = 0; i < chosen.length; i++) {
      lengths[rows + i] = prompts.length(chosen[i]);
    }
    int first = rows;
    rows += chosen.length;
    makeRoom();
    try (PointerScope _ = new PointerScope()) {
      Tensor from = Tensors.longs(chosen, chosen.length);
      for (int layer = 0; layer < layers.size(); layer++) {
        ReadPrompts.KeyValues read = prompts.layers().get(layer);
        layers.get(layer).keys().put(first, byHead(read.keys().index_select(0, from)));
        layers.get(layer).values().put(first, byHead(read.values().index_select(0, from)));
      }
    }
  }

  private Tensor byHead(Tensor rows) {
    return rows.view(rows.size(0), rows.size(1), config.keyValueHeads(), config.headSize())
        .transpose(1, 2);
  }

  /** Takes a row out; the last one gets its number. */
  public void remove(int row) {
    rows--;
    if (row == rows) {
      return;
    }
    lengths[row] = lengths[rows];
    try (PointerScope _ = new PointerScope()) {
      for (Layer layer : layers) {
        layer.keys().copy(rows, row, lengths[row]);
        layer.values().copy(rows, row, lengths[row]);
      }
    }
  }

  /** Sees to it that every row has room for one more token. */
  void makeRoom() {
    int needed = Arrays.stream(lengths, 0, rows).max().orElse(0) + 1;
    if (needed > places) {
      // Doubling, so that what is copied in all is no more than what is kept.
      places = Math.max(needed, Math.min(longest, Math.max(FIRST_PLACES, 2 * places)));
      grow();
    }
  }

  private void grow() {
    List<Layer> grown = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      Layer larger = empty(layer);
      if (!layers.isEmpty()) {
        try (Layer old = layers.get(layer);
            PointerScope _ = new PointerScope()) {
          larger.keys().put(0, old.keys().byHead());
          larger.values().put(0, old.values().byHead());
        }
      }
      grown.add(larger);
    }
    layers = grown;
  }

  private Layer empty(int layer) {
    int each = places(config.isFull(layer));
    Slab values = Slab.zeros(config, lengths.length, each);
    return new Layer(
        forKernels
            ? Slab.across(config, lengths.length, each)
            : Slab.zeros(config, lengths.length, each),
        values);
  }

  private int places(boolean full) {
    return full ? places : Math.min(places, config.slidingWindow());
  }

  /** The position of each row's next token, as int64. */
  Tensor positions() {
    return Tensors.longs(Arrays.copyOf(lengths, rows), rows);
  }

  /** How the next token of each row, for which there must be room, meets those before. */
  Attention next(boolean full, Turn turn) {
    requireFor(false);
    int each = places(full);
    int heads = config.keyValueHeads();
    long[] at = new long[rows * heads];
    int[] seen = new int[rows];
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < heads; head++) {
        at[row * heads + head] = ((long) row * heads + head) * each + lengths[row] % each;
      }
      seen[row] = Math.min(lengths[row] + 1, each);
    }
    int width = Arrays.stream(seen).max().orElse(0);
    return new StepAttention(
        config, layers, rows, width, Tensors.longs(at, at.length), bias(seen, width), turn);
  }

  private TensorOptional bias(int[] seen, int width) {
    if (Arrays.stream(seen).allMatch(places -> places == width)) {
      return new TensorOptional();
    }
    return new TensorOptional(AttentionBias.ofFirst(seen, width));
  }

  /** Tokens of each row. */
  int[] lengths() {
    return Arrays.copyOf(lengths, rows);
  }

  /** Where a layer's keys and values lie, until room is made again. */
  CachedHeads memory(int layer) {
    requireFor(true);
    Layer own = layers.get(layer);
    return new CachedHeads(
        own.keys().address(),
        own.values().address(),
        lengths.length,
        config.keyValueHeads(),
        config.headSize(),
        places(config.isFull(layer)));
  }

  /** Keys lie otherwise for kernels than for a graph. */
  private void requireFor(boolean kernels) {
    if (forKernels != kernels) {
      throw new IllegalStateException("The cache was made for " + (kernels ? "graphs" : "kernels"));
    }
  }

  void advance() {
    for (int row = 0; row < rows; row++) {
      lengths[row]++;
    }
  }

  @Override
  public void close() {
    layers.forEach(Layer::close);
    layers = List.of();
  }
}
