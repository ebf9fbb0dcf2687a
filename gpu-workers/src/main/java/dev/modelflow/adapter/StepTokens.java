package dev.modelflow.adapter;

/** How many tokens a stage has learnt. */
interface StepTokens {
  /** Up to the end of a step that was made. */
  long upTo(int step);

  /** The trainer says how many a step took; without meaning where that is known before. */
  default void told(int step, long tokens) {}
}
