package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import org.bytedeco.pytorch.Tensor;

/**
 * How the queries of one pass through the decoder meet keys and values. A pass has one for its full
 * layers and one for those with a window.
 */
interface Attention {
  /** By how much the pass's queries and keys are rotated. */
  Turn turn();

  /**
   * What each query takes from the values that it may see.
   *
   * @param query [tokens, heads, headSize], rotated as are the keys
   * @param keys [tokens, keyValueHeads, headSize]
   * @param values [tokens, keyValueWidth]
   * @return [tokens, queryWidth]
   */
  Tensor mixed(int layer, Tensor query, Tensor keys, Tensor values);
}
