package dev.modelflow.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder.
 *
 * @param layers number of blocks
 * @param width size of a token's vector
 * @param heads attention heads; divides {@code width} into an even head size
 * @param feedForward inner width of SwiGLU
 * @param vocabulary number of tokens
 * @param context tokens the model is meant for
 * @param slidingWindow on three of four layers position i sees i-w+1..i; 0: every layer is full
 * @param ropeBase base of the rotary frequencies
 * @param yarn scaling on full layers, null before a long-context stage
 */
public record ModelConfig(
    int layers,
    int width,
    int heads,
    int feedForward,
    int vocabulary,
    int context,
    int slidingWindow,
    double ropeBase,
    @Nullable Yarn yarn) {
  /** Added to the mean square in every RMS norm. */
  public static final double EPSILON = 1e-6;

  /** Checks that the numbers fit together; throws {@link IllegalArgumentException} otherwise. */
  public ModelConfig {
    requirePositive("layers", layers);
    requirePositive("width", width);
    requirePositive("heads", heads);
    requirePositive("feedForward", feedForward);
    requirePositive("vocabulary", vocabulary);
    requirePositive("context", context);
    if (slidingWindow < 0) {
      throw new IllegalArgumentException(
          "model.slidingWindow is " + slidingWindow + ": use 0 for none");
    }
    if (width % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "model.width "
              + width
              + " does not divide into "
              + heads
              + " heads of even size: change width or heads");
    }
    if (!(ropeBase > 1)) {
      throw new IllegalArgumentException("model.ropeBase is " + ropeBase + ": use a value above 1");
    }
  }

  /** Size of one head's vectors. */
  public int headSize() {
    return width / heads;
  }

  /** Whether this layer sees the whole context: every fourth, and always the last. */
  public boolean isFull(int layer) {
    return slidingWindow == 0 || (layer + 1) % 4 == 0 || layer == layers - 1;
  }

  /** The same model for {@code factor} times the context, by YaRN on the full layers. */
  public ModelConfig extended(int factor) {
    int original = yarn == null ? context : yarn.originalContext();
    int extended = context * factor;
    return new ModelConfig(
        layers,
        width,
        heads,
        feedForward,
        vocabulary,
        extended,
        slidingWindow,
        ropeBase,
        new Yarn((double) extended / original, original));
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("model." + key + " is " + value + ": use at least 1");
    }
  }
}
