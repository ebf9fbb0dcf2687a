package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of Olmo 3's decoder (technical report, arXiv 2512.13961, section 3.2): RMS norms
 * on the outputs of attention and MLP, norms over the whole width of queries and keys before they
 * are split into heads, grouped-query attention, SwiGLU, rotary positions by half rotation, a
 * sliding window on three of four layers, YaRN on the full layers only. A {@link Mixture} of
 * experts may stand in the place of the one SwiGLU.
 */
public final class Decoder implements AutoCloseable {
  private final ModelConfig config;
  private final int positions;
  private final Precision precision;
  private final RotaryTable plain;
  private final RotaryTable scaled;

  /** A decoder for sequences of up to {@code positions} tokens. */
  public Decoder(ModelConfig config, int positions) {
    this(config, positions, Precision.FLOAT32);
  }

  /** The same, whose linear layers multiply in this precision. */
  public Decoder(ModelConfig config, int positions, Precision precision) {
    this.config = config;
    this.positions = positions;
    this.precision = precision;
    plain = new RotaryTable(positions, config.headSize(), config.ropeBase(), null);
    scaled = new RotaryTable(positions, config.headSize(), config.ropeBase(), config.yarn());
  }

  /** The model's shape. */
  public ModelConfig config() {
    return config;
  }

  /** What its linear layers multiply in. */
  public Precision precision() {
    return precision;
  }

  /** The cosines of every position in this layer, [positions, 1, headSize]; do not close them. */
  public Tensor cosines(int layer) {
    return table(layer).cosine();
  }

  /** The sines likewise, those of each head's first half negated. */
  public Tensor sines(int layer) {
    return table(layer).sine();
  }

  private RotaryTable table(int layer) {
    return config.isFull(layer) ? scaled : plain;
  }

  /** The longest sequence that it can read, in tokens. */
  public int positions() {
    return positions;
  }

  /**
   * The last hidden states, after the final norm, of rows of packed documents.
   *
   * @param tokens {@code rows * length} tokens
   * @param positions of each token within its document
   * @return [rows * length, width]
   */
  public Tensor hidden(Weights weights, int[] tokens, int[] positions, int length) {
    return hidden(weights, tokens, positions, length, null);
  }

  /**
   * The same.
   *
   * @param seen learns what the routers said, where the model has experts; null: nobody asks
   */
  public Tensor hidden(
      Weights weights, int[] tokens, int[] positions, int length, @Nullable Routings seen) {
    Blocks blocks = blocks(weights, tokens, positions, length);
    Tensor stream = blocks.embedded();
    for (int layer = 0; layer < config.layers(); layer++) {
      stream = blocks.block(layer, stream, seen);
    }
    return blocks.normed(stream);
  }

  /** The same, one block after the other; it belongs to the caller's scope. */
  public Blocks blocks(Weights weights, int[] tokens, int[] positions, int length) {
    int rows = tokens.length / length;
    Tensor at = Tensors.longs(positions, positions.length);
    Attention full =
        new Attention(AttentionBias.of(positions, rows, length, 0), scaled.at(at), false);
    Attention sliding = config.slidingWindow() == 0 ? full : sliding(positions, at, rows, length);
    return new Blocks(weights, tokens, length, full, sliding);
  }

  /** Rows of packed documents on their way through the decoder. */
  public final class Blocks {
    private final Weights weights;
    private final int[] tokens;
    private final int length;
    private final Attention full;
    private final Attention sliding;

    private Blocks(Weights weights, int[] tokens, int length, Attention full, Attention sliding) {
      this.weights = weights;
      this.tokens = tokens;
      this.length = length;
      this.full = full;
      this.sliding = sliding;
    }

    /** What the first block is given: [tokens, width]. */
    public Tensor embedded() {
      return torch.embedding(weights.embedding(), Tensors.longs(tokens, tokens.length));
    }

    /**
     * What a block makes of what it is given.
     *
     * @param seen learns what the block's router said; null: nobody asks
     */
    public Tensor block(int layer, Tensor stream, @Nullable Routings seen) {
      Shape shape = new Shape(tokens.length / length, length, null, seen);
      return behind(weights, layer, stream, config.isFull(layer) ? full : sliding, shape);
    }

    /** The hidden states behind the last block, after the final norm. */
    public Tensor normed(Tensor stream) {
      return Decoder.normed(stream, weights.norm());
    }
  }

  /** Long rows are cut into blocks of a window's length, which spares the scores beyond it. */
  private Attention sliding(int[] positions, Tensor at, int rows, int length) {
    int window = config.slidingWindow();
    boolean inBlocks = length >= 4 * window && length % window == 0;
    Tensor bias =
        inBlocks
            ? AttentionBias.ofBlocks(positions, window)
            : AttentionBias.of(positions, rows, length, window);
    return new Attention(bias, plain.at(at), inBlocks);
  }

  /**
   * The last hidden states of tokens that follow those in the cache, which learns them.
   *
   * @param tokens {@code cache rows * length} tokens
   * @return [rows * length, width]
   */
  public Tensor hidden(Weights weights, int[] tokens, int length, KeyValueCache cache) {
    int[] positions = cache.positions(length);
    Tensor at = Tensors.longs(positions, positions.length);
    Attention full = new Attention(cache.bias(length, 0), scaled.at(at), false);
    Attention sliding =
        config.slidingWindow() == 0
            ? full
            : new Attention(cache.bias(length, config.slidingWindow()), plain.at(at), false);
    Shape shape = new Shape(cache.rows(), length, cache, null);
    Tensor hidden = hidden(weights, tokens, full, sliding, shape);
    cache.advance(length);
    return hidden;
  }

  private record Attention(Tensor bias, Turn turn, boolean inBlocks) {}

  private record Shape(
      int rows, int length, @Nullable KeyValueCache cache, @Nullable Routings seen) {}

  private Tensor hidden(
      Weights weights, int[] tokens, Attention full, Attention sliding, Shape shape) {
    Tensor stream = torch.embedding(weights.embedding(), Tensors.longs(tokens, tokens.length));
    for (int layer = 0; layer < config.layers(); layer++) {
      stream = behind(weights, layer, stream, config.isFull(layer) ? full : sliding, shape);
    }
    return normed(stream, weights.norm());
  }

  private Tensor behind(
      Weights weights, int layer, Tensor stream, Attention attention, Shape shape) {
    Weights.Block block = weights.blocks().get(layer);
    Tensor middle = stream.add(attended(block, layer, stream, attention, shape));
    return middle.add(fedForward(block, middle, shape.seen()));
  }

  private Tensor attended(
      Weights.Block block, int layer, Tensor stream, Attention attention, Shape shape) {
    Tensor projected = block.queryKeyValue().of(stream);
    long queryWidth = config.queryWidth();
    long keyWidth = config.keyValueWidth();
    Tensor queryKey = turned(normedQueryKey(projected, block.queryKeyNorm()), attention.turn());
    Tensor query = queryKey.narrow(1, 0, config.heads());
    Tensor keys = queryKey.narrow(1, config.heads(), config.keyValueHeads());
    Tensor values = projected.narrow(1, queryWidth + keyWidth, keyWidth);
    Tensor mixed =
        attention.inBlocks()
            ? mixedInBlocks(query, keys, values, attention.bias(), shape)
            : mixed(query, keys, values, attention.bias(), layer, shape);
    Tensor joined = mixed.transpose(1, 2).reshape(-1, queryWidth);
    return normed(block.output().of(joined), block.attentionNorm());
  }

  /** Queries and keys, each normed over its whole width: at once where both are equally wide. */
  private Tensor normedQueryKey(Tensor projected, Tensor weight) {
    long queries = config.queryWidth();
    long keys = config.keyValueWidth();
    if (queries == keys) {
      return normed(
          projected.narrow(1, 0, 2 * queries).view(-1, 2, queries), weight.view(2, queries));
    }
    return torch.cat(
        new TensorVector(
            normed(projected.narrow(1, 0, queries), weight.narrow(0, 0, queries)),
            normed(projected.narrow(1, queries, keys), weight.narrow(0, queries, keys))),
        1);
  }

  private Tensor mixed(
      Tensor query, Tensor keys, Tensor values, Tensor bias, int layer, Shape shape) {
    Tensor keysByHead = byHead(keys, shape.rows(), shape.length());
    Tensor valuesByHead = byHead(values, shape.rows(), shape.length());
    if (shape.cache() != null) {
      KeyValueCache.Layer all =
          shape.cache().append(layer, keysByHead, valuesByHead, shape.length());
      keysByHead = all.keys();
      valuesByHead = all.values();
    }
    return attend(byHead(query, shape.rows(), shape.length()), keysByHead, valuesByHead, bias);
  }

  private Tensor mixedInBlocks(Tensor query, Tensor keys, Tensor values, Tensor bias, Shape shape) {
    int window = config.slidingWindow();
    int blocks = shape.rows() * shape.length() / window;
    return attend(
        byHead(query, blocks, window),
        byHead(withBlockBefore(keys, shape), blocks, 2 * window),
        byHead(withBlockBefore(values, shape), blocks, 2 * window),
        bias);
  }

  /** Each block of a row behind the block before it; before a row's first lie zeros. */
  private Tensor withBlockBefore(Tensor x, Shape shape) {
    long window = config.slidingWindow();
    long blocks = shape.length() / window;
    Tensor own = x.reshape(shape.rows(), blocks, window, config.keyValueWidth());
    Tensor none = Tensors.zeros(shape.rows(), 1, window, config.keyValueWidth());
    Tensor before = torch.cat(new TensorVector(none, own.narrow(1, 0, blocks - 1)), 1);
    return torch.cat(new TensorVector(before, own), 2);
  }

  private Tensor attend(Tensor query, Tensor keys, Tensor values, Tensor bias) {
    boolean shared = config.keyValueHeads() < config.heads();
    return torch.scaled_dot_product_attention(
        query, keys, values, new TensorOptional(bias), 0, false, new DoubleOptional(), shared);
  }

  private static Tensor fedForward(Weights.Block block, Tensor stream, @Nullable Routings seen) {
    Tensor fed =
        switch (block.feedForward()) {
          case Weights.Dense dense -> SwiGlu.of(dense, stream);
          case Weights.Sparse sparse -> Mixture.of(sparse, stream, seen);
        };
    return normed(fed, block.feedForwardNorm());
  }

  /** RMS norm over the last dimension, then the weight (which may have a row per norm). */
  private static Tensor normed(Tensor x, Tensor weight) {
    return torch
        .rms_norm(
            x,
            new long[] {x.size(-1)},
            new TensorOptional(),
            new DoubleOptional(ModelConfig.EPSILON))
        .mul(weight);
  }

  /** Rotates queries and keys of all heads, to [tokens, heads + keyValueHeads, headSize]. */
  private Tensor turned(Tensor queryKey, Turn turn) {
    long half = config.headSize() / 2;
    Tensor heads =
        queryKey.view(-1, (long) config.heads() + config.keyValueHeads(), config.headSize());
    return heads
        .mul(turn.cosine())
        .add(heads.roll(new long[] {half}, new long[] {2}).mul(turn.sine()));
  }

  private Tensor byHead(Tensor x, int rows, int length) {
    return x.reshape(rows, length, -1, config.headSize()).transpose(1, 2);
  }

  @Override
  public void close() {
    plain.close();
    scaled.close();
  }
}
