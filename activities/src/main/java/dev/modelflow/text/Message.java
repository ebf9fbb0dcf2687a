package dev.modelflow.text;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content what is said
 */
public record Message(String role, String content) {
  /** The role of the model's own turns. */
  public static final String ASSISTANT = "assistant";

  /** The role of the person's turns. */
  public static final String USER = "user";

  /** A turn of the person. */
  public static Message user(String content) {
    return new Message(USER, content);
  }

  /** A turn of the model. */
  public static Message assistant(String content) {
    return new Message(ASSISTANT, content);
  }
}
