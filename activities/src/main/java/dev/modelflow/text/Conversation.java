package dev.modelflow.text;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation to learn from.
 *
 * @param id unique in its file
 * @param messages the turns in order; the last one is the assistant's
 */
public record Conversation(String id, List<Message> messages) {
  /** The file's name in artifacts. */
  public static final String FILE = "conversations.jsonl";

  /** Checks that the last turn is the assistant's. */
  public Conversation {
    messages = List.copyOf(messages);
    if (messages.isEmpty() || !messages.getLast().role().equals(Message.ASSISTANT)) {
      throw new IllegalArgumentException(
          "Conversation '%s' does not end with a turn of the assistant".formatted(id));
    }
  }

  /** Reads {@code conversations.jsonl} of an artifact's folder. */
  public static List<Conversation> readAll(Path folder) {
    return JsonLines.readAll(folder.resolve(FILE), Conversation.class);
  }

  /** Writes {@code conversations.jsonl} into the folder. */
  public static void writeAll(Path folder, Stream<Conversation> conversations) {
    JsonLines.writeAll(folder.resolve(FILE), conversations);
  }
}
