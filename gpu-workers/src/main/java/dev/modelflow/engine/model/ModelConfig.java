package dev.modelflow.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder.
 *
 * @param layers number of blocks
 * @param width size of a token's vector
 * @param heads attention heads
 * @param keyValueHeads heads of keys and values, each shared by {@code heads / keyValueHeads}
 *     neighbouring heads of queries
 * @param headSize size of one head's vectors, even
 * @param feedForward inner width of SwiGLU, of each expert's where there are experts
 * @param vocabulary number of tokens
 * @param context tokens the model is meant for
 * @param slidingWindow on three of four layers position i sees i-w+1..i; 0: every layer is full
 * @param ropeBase base of the rotary frequencies
 * @param yarn scaling on full layers, null before a long-context stage
 * @param tied whether the embeddings are the head's matrix too
 * @param experts of every block; null: each has one SwiGLU
 */
public record ModelConfig(
    int layers,
    int width,
    int heads,
    int keyValueHeads,
    int headSize,
    int feedForward,
    int vocabulary,
    int context,
    int slidingWindow,
    double ropeBase,
    @Nullable Yarn yarn,
    boolean tied,
    @Nullable Experts experts) {
  /** Added to the mean square in every RMS norm. */
  public static final double EPSILON = 1e-6;

  /** Checks that the numbers fit together; throws {@link IllegalArgumentException} otherwise. */
  public ModelConfig {
    requirePositive("layers", layers);
    requirePositive("width", width);
    requirePositive("heads", heads);
    requirePositive("keyValueHeads", keyValueHeads);
    requirePositive("feedForward", feedForward);
    requirePositive("vocabulary", vocabulary);
    requirePositive("context", context);
    if (slidingWindow < 0) {
      throw new IllegalArgumentException(
          "model.slidingWindow is " + slidingWindow + ": use 0 for none");
    }
    if (headSize < 2 || headSize % 2 != 0) {
      throw new IllegalArgumentException(
          "model.headSize is " + headSize + ": rotary positions need an even size");
    }
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "model.keyValueHeads "
              + keyValueHeads
              + " does not divide the "
              + heads
              + " heads: change one of them");
    }
    if (!(ropeBase > 1)) {
      throw new IllegalArgumentException("model.ropeBase is " + ropeBase + ": use a value above 1");
    }
  }

  /**
   * A decoder whose heads share the width evenly, each with keys and values of its own, whose head
   * is not tied, and that has no experts.
   */
  public ModelConfig(
      int layers,
      int width,
      int heads,
      int feedForward,
      int vocabulary,
      int context,
      int slidingWindow,
      double ropeBase,
      @Nullable Yarn yarn) {
    this(
        layers,
        width,
        heads,
        heads,
        evenShare(width, heads),
        feedForward,
        vocabulary,
        context,
        slidingWindow,
        ropeBase,
        yarn,
        false,
        null);
  }

  private static int evenShare(int width, int heads) {
    requirePositive("width", width);
    requirePositive("heads", heads);
    if (width % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "model.width "
              + width
              + " does not divide into "
              + heads
              + " heads of even size: change width or heads");
    }
    return width / heads;
  }

  /** Width of the queries of all heads. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Width of the keys, and of the values, of all their heads. */
  public int keyValueWidth() {
    return keyValueHeads * headSize;
  }

  /** Whether this layer sees the whole context: every fourth, and always the last. */
  public boolean isFull(int layer) {
    return slidingWindow == 0 || (layer + 1) % 4 == 0 || layer == layers - 1;
  }

  /** The same model for {@code factor} times the context, by YaRN on the full layers. */
  public ModelConfig extended(int factor) {
    int original = yarn == null ? context : yarn.originalContext();
    int extended = context * factor;
    return with(keyValueHeads, extended, new Yarn((double) extended / original, original), experts);
  }

  /** The same model with grouped-query attention. */
  public ModelConfig withKeyValueHeads(int shared) {
    return with(shared, context, yarn, experts);
  }

  /** The same model with these experts in every block; null: with one SwiGLU. */
  public ModelConfig withExperts(@Nullable Experts others) {
    return with(keyValueHeads, context, yarn, others);
  }

  private ModelConfig with(
      int otherKeyValueHeads,
      int otherContext,
      @Nullable Yarn otherYarn,
      @Nullable Experts otherExperts) {
    return new ModelConfig(
        layers,
        width,
        heads,
        otherKeyValueHeads,
        headSize,
        feedForward,
        vocabulary,
        otherContext,
        slidingWindow,
        ropeBase,
        otherYarn,
        tied,
        otherExperts);
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("model." + key + " is " + value + ": use at least 1");
    }
  }
}
