package dev.modelflow.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Steps that asked prompts.
 *
 * @param seed of their order
 * @param prompts how many there are
 * @param asked how many each step asked, from the beginning of its order
 */
public record SeenPrompts(int after, long seed, int prompts, List<Integer> asked) implements Seen {
  /** Copies the list. */
  public SeenPrompts {
    asked = List.copyOf(asked);
  }

  @Override
  public int steps() {
    return asked.size();
  }

  @Override
  public SeenPrompts later(int others) {
    throw new UnsupportedOperationException("A stage of prompts has no other steps before");
  }

  @Override
  public SeenPrompts from(int step) {
    int gone = Math.clamp(step - (long) after, 0, steps());
    return new SeenPrompts(after + gone, seed, prompts, asked.subList(gone, asked.size()));
  }

  @Override
  public Optional<Seen> with(Seen next) {
    if (!(next instanceof SeenPrompts more)
        || more.after != after + steps()
        || more.seed != seed
        || more.prompts != prompts) {
      return Optional.empty();
    }
    List<Integer> all = new ArrayList<>(asked);
    all.addAll(more.asked);
    return Optional.of(new SeenPrompts(after, seed, prompts, all));
  }

  /** Hands over the number of each prompt that each step asked. */
  public void replay(BiConsumer<Integer, Integer> each) {
    for (int i = 0; i < asked.size(); i++) {
      int step = after + i + 1;
      int[] order = PromptOrder.at(seed, step, prompts);
      for (int k = 0; k < asked.get(i); k++) {
        each.accept(step, order[k]);
      }
    }
  }
}
