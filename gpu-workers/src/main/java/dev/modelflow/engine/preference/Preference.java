package dev.modelflow.engine.preference;

/**
 * A question with a good and a bad answer, one line of {@code preferences.jsonl}.
 *
 * @param id of the prompt
 * @param prompt the user's turn
 * @param chosen a verified good answer
 * @param rejected what a weak checkpoint really said, and the verifier refused
 * @param rejectedEnded whether the weak checkpoint ended its answer by itself
 */
public record Preference(
    String id, String prompt, String chosen, String rejected, boolean rejectedEnded) {
  /** The file's name in artifacts. */
  public static final String FILE = "preferences.jsonl";

  /** The file of pairs that are never learnt from. */
  public static final String HELD_OUT_FILE = "held-out.jsonl";
}
