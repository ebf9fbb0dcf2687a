package dev.modelflow.text;

/** A conversation as tokens, with those marked that the assistant says. */
public final class ChatTokens {
  private final int[] ids;
  private final boolean[] assistant;

  ChatTokens(int[] ids, boolean[] assistant) {
    this.ids = ids;
    this.assistant = assistant;
  }

  /** The tokens; a copy. */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * Of the length of {@link #ids}: whether the assistant says the token, so that it is learnt; true
   * also for the token that ends its turn. A copy.
   */
  public boolean[] assistant() {
    return assistant.clone();
  }
}
