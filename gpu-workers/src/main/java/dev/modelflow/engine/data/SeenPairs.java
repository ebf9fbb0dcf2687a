package dev.modelflow.engine.data;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Steps that saw preference pairs.
 *
 * @param seed of their order
 * @param batch pairs a step
 * @param pairs the prompt of each pair
 */
public record SeenPairs(int after, int steps, long seed, int batch, List<String> pairs)
    implements Seen {
  /** Copies the list. */
  public SeenPairs {
    pairs = List.copyOf(pairs);
  }

  @Override
  public SeenPairs later(int others) {
    throw new UnsupportedOperationException("A stage of pairs has no other steps before");
  }

  @Override
  public SeenPairs from(int step) {
    int gone = Math.clamp(step - (long) after, 0, steps);
    return new SeenPairs(after + gone, steps - gone, seed, batch, pairs);
  }

  @Override
  public Optional<Seen> with(Seen next) {
    return next instanceof SeenPairs more
            && more.after == after + steps
            && more.seed == seed
            && more.batch == batch
            && more.pairs.equals(pairs)
        ? Optional.of(new SeenPairs(after, steps + more.steps, seed, batch, pairs))
        : Optional.empty();
  }

  /** Hands over the prompt of each pair of each step. */
  public void replay(BiConsumer<Integer, String> each) {
    PairOrder order = new PairOrder(seed, batch, pairs.size());
    for (int step = after + 1; step <= after + steps; step++) {
      for (int pair : order.at(step)) {
        each.accept(step, pairs.get(pair));
      }
    }
  }
}
