package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
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
  private final SignOfLife sign;
  private final RotaryTable plain;
  private final RotaryTable scaled;

  /** A decoder for sequences of up to {@code positions} tokens. */
  public Decoder(ModelConfig config, int positions) {
    this(config, positions, Precision.FLOAT32);
  }

  /** The same, whose linear layers multiply in this precision. */
  public Decoder(ModelConfig config, int positions, Precision precision) {
    this(config, positions, precision, SignOfLife.NONE);
  }

  /**
   * The same.
   *
   * @param sign is given after each block: all blocks over one long row can take minutes
   */
  public Decoder(ModelConfig config, int positions, Precision precision, SignOfLife sign) {
    this.config = config;
    this.positions = positions;
    this.precision = precision;
    this.sign = sign;
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

  /** Whoever takes rows through a block says that it is done. */
  public void goesOn() {
    sign.goesOn();
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
    Attention full = full(positions, at, rows, length);
    Attention sliding = config.slidingWindow() == 0 ? full : sliding(positions, at, rows, length);
    return new Blocks(weights, tokens, full, sliding);
  }

  /** Rows of packed documents on their way through the decoder. */
  public final class Blocks {
    private final Weights weights;
    private final int[] tokens;
    private final Attention full;
    private final Attention sliding;

    private Blocks(Weights weights, int[] tokens, Attention full, Attention sliding) {
      this.weights = weights;
      this.tokens = tokens;
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
      return behind(weights, layer, stream, config.isFull(layer) ? full : sliding, seen);
    }

    /** The hidden states behind the last block, after the final norm. */
    public Tensor normed(Tensor stream) {
      return Decoder.normed(stream, weights.norm());
    }
  }

  /** Attention to all before: the bias of {@code positions}, for one row or for each. */
  private Attention full(int[] positions, Tensor at, int rows, int length) {
    return uncut(positions, scaled.at(at), rows, length, 0);
  }

  private Attention sliding(int[] positions, Tensor at, int rows, int length) {
    int window = config.slidingWindow();
    if (!WindowBlocks.cut(window, length)) {
      return uncut(positions, plain.at(at), rows, length, window);
    }
    Tensor bias = AttentionBias.ofBlocks(positions, window);
    return new PackedAttention(config, rows, length, bias, plain.at(at), true);
  }

  /** Attention within rows that are not cut into windows; in long ones, block by block. */
  private Attention uncut(int[] positions, Turn turn, int rows, int length, int window) {
    if (length > BiasBlocks.QUERIES) {
      List<BiasBlock> blocks = BiasBlocks.of(positions, length, window, BiasBlocks.QUERIES);
      return new LongAttention(config, rows, length, blocks, turn);
    }
    Tensor bias = AttentionBias.of(positions, positions.length / length, length, window);
    return new PackedAttention(config, rows, length, bias, turn, false);
  }

  /**
   * Reads prompts that a {@link KeyValueCache} is to go on with.
   *
   * @param prompts none empty; they are filled up to the longest, so let them be of similar length
   */
  public ReadPrompts read(Weights weights, List<int[]> prompts) {
    PaddedPrompts padded = new PaddedPrompts(prompts, config.slidingWindow());
    int rows = prompts.size();
    int length = padded.columns();
    boolean cut = WindowBlocks.cut(config.slidingWindow(), length);
    int[] positions = padded.positions(1);
    Tensor at = Tensors.longs(padded.rotations(this.positions), (long) rows * length);
    List<ReadPrompts.KeyValues> seen = new ArrayList<>();
    Attention full = new PromptAttention(full(positions, at, rows, length), rows, null, seen);
    Attention sliding =
        config.slidingWindow() == 0
            ? full
            : new PromptAttention(
                sliding(cut ? padded.positions(rows) : positions, at, rows, length),
                rows,
                padded.ring(config.slidingWindow()),
                seen);
    Tensor stream = stream(weights, padded.tokens(), full, sliding, null);
    Tensor last = normed(stream.index_select(0, padded.ends()), weights.norm());
    return new ReadPrompts(padded.lengths(), seen, last);
  }

  /**
   * The last hidden states of one more token for each row of the cache, which learns them.
   *
   * @param tokens one for each row
   * @return [rows, width]
   */
  public Tensor next(Weights weights, int[] tokens, KeyValueCache cache) {
    cache.makeRoom();
    Tensor at = cache.positions();
    Attention full = cache.next(true, scaled.at(at));
    Attention sliding = config.slidingWindow() == 0 ? full : cache.next(false, plain.at(at));
    Tensor hidden = normed(stream(weights, tokens, full, sliding, null), weights.norm());
    cache.advance();
    return hidden;
  }

  private Tensor stream(
      Weights weights, int[] tokens, Attention full, Attention sliding, @Nullable Routings seen) {
    Tensor stream = torch.embedding(weights.embedding(), Tensors.longs(tokens, tokens.length));
    for (int layer = 0; layer < config.layers(); layer++) {
      stream = behind(weights, layer, stream, config.isFull(layer) ? full : sliding, seen);
    }
    return stream;
  }

  private Tensor behind(
      Weights weights, int layer, Tensor stream, Attention attention, @Nullable Routings seen) {
    Weights.Block block = weights.blocks().get(layer);
    Tensor middle = stream.add(attended(block, layer, stream, attention));
    Tensor behind = middle.add(fedForward(block, middle, seen));
    goesOn();
    return behind;
  }

  private Tensor attended(Weights.Block block, int layer, Tensor stream, Attention attention) {
    Tensor projected = block.queryKeyValue().of(stream);
    Tensor queryKey = turned(normedQueryKey(projected, block.queryKeyNorm()), attention.turn());
    long keyWidth = config.keyValueWidth();
    Tensor mixed =
        attention.mixed(
            layer,
            queryKey.narrow(1, 0, config.heads()),
            queryKey.narrow(1, config.heads(), config.keyValueHeads()),
            projected.narrow(1, config.queryWidth() + keyWidth, keyWidth));
    return normed(block.output().of(mixed), block.attentionNorm());
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

  @Override
  public void close() {
    plain.close();
    scaled.close();
  }
}
