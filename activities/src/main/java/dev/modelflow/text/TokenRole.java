package dev.modelflow.text;

/** What an id of a tokenizer stands for. */
public enum TokenRole {
  /** Bytes of a text. */
  TEXT,
  /** A name in a text, whole, such as dolma2's stand-in for a telephone number. */
  NAME,
  /** No text, such as the end of one. */
  SPECIAL,
  /** Nothing: no token has the id. */
  NONE
}
