package dev.modelflow.domain;

/**
 * Where OLMo-core stretches a context otherwise than Hugging Face and the engine do: its YaRN ends
 * the ramp between pairs of dimensions that keep their frequency and those that are slowed down at
 * the last pair at most ({@code olmo_core/nn/rope.py} of 3.0.0), theirs may end beyond it.
 */
public final class OlmoCoreRotary {
  private static final double FAST_TURNS = 32;
  private static final double SLOW_TURNS = 1;

  private OlmoCoreRotary() {}

  /**
   * Whether YaRN gives all pairs the same frequencies there.
   *
   * @param context that the model was trained on before
   */
  public static boolean agrees(int headSize, double ropeBase, int context) {
    int last = headSize / 2 - 1;
    double rampBegin = Math.max(0, Math.floor(pairOf(FAST_TURNS, headSize, ropeBase, context)));
    double rampEnd = Math.ceil(pairOf(SLOW_TURNS, headSize, ropeBase, context));
    return rampBegin >= last || (rampEnd >= 0 && rampEnd <= last);
  }

  /**
   * What is wrong where they do not agree, and what to do.
   *
   * @param trainer that has OLMo-core compute the model
   */
  public static String difference(String trainer, int headSize, double ropeBase, int context) {
    return "trainer '%s' stretches a context of %d with heads of size %d and a ropeBase of %s otherwise than the engine: use larger heads or a larger ropeBase, or train with modelflow"
        .formatted(trainer, context, headSize, ropeBase);
  }

  private static double pairOf(double turns, int headSize, double ropeBase, int context) {
    return headSize
        * StrictMath.log(context / (turns * 2 * Math.PI))
        / (2 * StrictMath.log(ropeBase));
  }
}
