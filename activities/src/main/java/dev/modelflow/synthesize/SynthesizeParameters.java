package dev.modelflow.synthesize;

/**
 * What the recipe says about a synthesis; see {@code docs/recipe.md}.
 *
 * @param heldOut share of the problems that only questions may use
 * @param conversations number of conversations
 * @param prompts number of prompts
 */
record SynthesizeParameters(
    double heldOut,
    Repeats repeats,
    Repeats longRepeats,
    Count sums,
    Count problems,
    Needles needles,
    Needles longNeedles,
    int conversations,
    int prompts,
    Questions questions) {

  /** How many documents. */
  record Count(int documents) {}

  /**
   * Repeated sequences.
   *
   * @param shortest least period in words
   * @param longest greatest period in words
   * @param words the text's length in words
   */
  record Repeats(int documents, int shortest, int longest, int words) {}

  /**
   * Facts to find again.
   *
   * @param lines facts a text
   * @param shortest least length of a text in characters
   * @param longest greatest length of a text in characters
   */
  record Needles(int documents, int lines, int shortest, int longest) {}

  /** How many held-out questions of each family. */
  record Questions(int sums, int problems, int needles, int longNeedles) {}
}
