package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;

/**
 * Attention over packed rows. The softmax goes on from one piece of the keys to the next, so that
 * scores never fill memory (FlashAttention-2, arXiv 2307.08691, algorithms 1 and 2). One thread at
 * a time; close it to free what it keeps.
 */
public sealed interface AttentionKernel extends AutoCloseable
    permits VectorAttention, OneDnnAttention {
  /**
   * What attention reads, or the slopes at that.
   *
   * @param query a row of all heads for each token
   * @param keys the same of the heads of keys
   * @param values the same of the heads of keys
   */
  record Inputs(Matrix query, Matrix keys, Matrix values) {}

  /** The row of what a softmax was made with that holds the largest scores. */
  int LARGEST = 0;

  /** The row that holds one over the sums of powers. */
  int SHARES = 1;

  /** What it multiplies in: that of its inputs, its result and, for bf16, the slope at that. */
  Precision precision();

  /**
   * Mixes the values that each token sees.
   *
   * @param result receives a row of all heads for each token
   * @param softmax [2, heads * tokens] in float32; receives what the softmax was made with, token
   *     by token of each head of each row: the largest score, and one over the sum of the scores'
   *     powers, each less the largest
   */
  void forward(Inputs inputs, Sight sight, Matrix result, Matrix softmax);

  /**
   * Sends the slope at the result back.
   *
   * @param result as {@link #forward} gave it
   * @param softmax as it left it
   * @param onResult the slope at it
   * @param onInputs receives the slopes at what was read, in float32
   */
  void backward(
      Inputs inputs, Sight sight, Matrix result, Matrix softmax, Matrix onResult, Inputs onInputs);

  @Override
  void close();
}
