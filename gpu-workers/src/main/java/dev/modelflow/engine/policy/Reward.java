package dev.modelflow.engine.policy;

import dev.modelflow.engine.random.CounterRandom;

/** Who says what an answer is worth. */
public enum Reward {
  /** The verifier: right or wrong. */
  VERIFIER {
    @Override
    double of(boolean correct, CounterRandom coins, int sample) {
      return correct ? 1 : 0;
    }
  },
  /** A fair coin, blind to the answer: the control that must not teach anything. */
  RANDOM {
    @Override
    double of(boolean correct, CounterRandom coins, int sample) {
      return coins.uniform(sample) < 0.5 ? 1 : 0;
    }
  };

  /**
   * The reward of an answer, 0 or 1.
   *
   * @param correct what the verifier says
   * @param coins a stream of the prompt and step
   * @param sample the answer's number in its group
   */
  abstract double of(boolean correct, CounterRandom coins, int sample);
}
