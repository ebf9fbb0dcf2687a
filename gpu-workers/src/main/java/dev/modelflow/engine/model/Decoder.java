package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
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
  private final RotaryTable plain;
  private final RotaryTable scaled;

  /** A decoder for sequences of up to {@code positions} tokens. */
  public Decoder(ModelConfig config, int positions) {
    this.config = config;
    this.positions = positions;
    plain = new RotaryTable(positions, config.headSize(), config.ropeBase(), null);
    scaled = new RotaryTable(positions, config.headSize(), config.ropeBase(), config.yarn());
  }

  /** The model's shape. */
  public ModelConfig config() {
    return config;
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
    int rows = tokens.length / length;
    Tensor at = Tensors.longs(positions, positions.length);
    Attention full =
        new Attention(AttentionBias.of(positions, rows, length, 0), scaled.at(at), false);
    return hidden(
        weights,
        tokens,
        full,
        config.slidingWindow() == 0 ? full : sliding(positions, at, rows, length),
        new Shape(rows, length, null, seen));
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
      Weights.Block block = weights.blocks().get(layer);
      Attention attention = config.isFull(layer) ? full : sliding;
      stream = stream.add(attended(block, layer, stream, attention, shape));
      stream = stream.add(fedForward(block, stream, shape.seen()));
    }
    return normed(stream, weights.norm());
  }

  private Tensor attended(
      Weights.Block block, int layer, Tensor stream, Attention attention, Shape shape) {
    Tensor projected = torch.linear(stream, block.queryKeyValue());
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
    return normed(torch.linear(joined, block.output()), block.attentionNorm());
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
