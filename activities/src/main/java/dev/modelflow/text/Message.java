package dev.modelflow.text;

import java.util.Set;

/**
 * One turn of a conversation.
 *
 * @param role one of {@link #ROLES}, or what else the data calls it
 * @param content what is said
 */
public record Message(String role, String content) {
  /** The roles that chat templates know. */
  static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "environment", "tool", "function");

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
