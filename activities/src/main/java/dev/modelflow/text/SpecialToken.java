package dev.modelflow.text;

/** The tokens that stand for no text, declared in the order of their ids. */
public enum SpecialToken {
  /** Ends every document and the last assistant turn of every conversation. */
  END_OF_TEXT(0, "<|endoftext|>"),
  /** Begins a turn of a conversation. */
  MESSAGE_START(1, "<|im_start|>"),
  /** Ends a turn of a conversation. */
  MESSAGE_END(2, "<|im_end|>"),
  /** Fills rows. */
  PADDING(3, "<|pad|>");

  private final int id;
  private final String text;

  SpecialToken(int id, String text) {
    this.id = id;
    this.text = text;
  }

  /** How the token is written. */
  public String text() {
    return text;
  }

  /** The token's id, the same in every tokenizer. */
  public int id() {
    return id;
  }
}
