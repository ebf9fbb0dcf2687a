package dev.modelflow.engine.data;

import dev.modelflow.engine.random.CounterRandom;

/** The random order in which each step of reinforcement learning asks prompts. */
public final class PromptOrder {
  private PromptOrder() {}

  /** The prompts of a step, first asked first; how many are asked hangs on the answers. */
  public static int[] at(long seed, int step, int prompts) {
    return CounterRandom.of(seed, "rollouts").at(step).permutation(prompts);
  }
}
