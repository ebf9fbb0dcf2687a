package dev.modelflow.engine.data;

import dev.modelflow.engine.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Which preference pairs each step sees: every pair once an epoch, in an order of each epoch's own.
 *
 * @param seed of the order
 * @param batch pairs a step
 * @param count of the pairs
 */
public record PairOrder(long seed, int batch, int count) {
  /** The pairs of a step, which is counted from 1. */
  public List<Integer> at(int step) {
    CounterRandom order = CounterRandom.of(seed, "order of pairs");
    List<Integer> pairs = new ArrayList<>();
    int[] shuffled = {};
    long epoch = -1;
    for (long at = (step - 1L) * batch; at < (long) step * batch; at++) {
      if (at / count != epoch) {
        epoch = at / count;
        shuffled = order.at(epoch).permutation(count);
      }
      pairs.add(shuffled[(int) (at % count)]);
    }
    return pairs;
  }
}
