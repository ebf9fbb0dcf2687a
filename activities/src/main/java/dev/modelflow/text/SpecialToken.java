package dev.modelflow.text;

/**
 * The tokens that stand for no text. Their ids are the tokenizer's, see {@link SpecialIds}; in one
 * that curate trained they come first, in the order in which they are declared.
 */
public enum SpecialToken {
  /** Ends every document and the last assistant turn of every conversation. */
  END_OF_TEXT("<|endoftext|>"),
  /** Begins a turn of a conversation. */
  MESSAGE_START("<|im_start|>"),
  /** Ends a turn of a conversation. */
  MESSAGE_END("<|im_end|>"),
  /** Fills rows. */
  PADDING("<|pad|>");

  private final String text;

  SpecialToken(String text) {
    this.text = text;
  }

  /** How the token is written. */
  public String text() {
    return text;
  }
}
