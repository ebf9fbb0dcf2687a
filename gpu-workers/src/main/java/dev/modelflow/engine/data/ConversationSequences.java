package dev.modelflow.engine.data;

import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.ChatTokens;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.TextException;
import dev.modelflow.text.TooLongException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conversations of supervised fine-tuning as the model reads them; those longer than a row, or
 * than their chat template is followed over, are left out.
 *
 * @param ids of the conversations that are not
 * @param sequences of these, in the same order
 */
public record ConversationSequences(List<String> ids, List<Sequence> sequences) {
  /** What the order of rows calls their source. */
  public static final String SOURCE = "conversations";

  /** Copies the lists. */
  public ConversationSequences {
    ids = List.copyOf(ids);
    sequences = List.copyOf(sequences);
  }

  /** The conversations that fit into a row of {@code rowLength} tokens. */
  public static ConversationSequences of(
      List<Conversation> conversations, ChatTemplate template, int rowLength) {
    return of(conversations, template, rowLength, SignOfLife.NONE);
  }

  /** The same, with a sign of life after each conversation. */
  public static ConversationSequences of(
      List<Conversation> conversations, ChatTemplate template, int rowLength, SignOfLife sign) {
    List<String> ids = new ArrayList<>();
    List<Sequence> sequences = new ArrayList<>();
    for (Conversation conversation : conversations) {
      rendered(conversation, template)
          .map(tokens -> sequence(conversation, tokens))
          .filter(sequence -> sequence.length() <= rowLength)
          .ifPresent(
              sequence -> {
                ids.add(conversation.id());
                sequences.add(sequence);
              });
      sign.goesOn();
    }
    return new ConversationSequences(ids, sequences);
  }

  /** Empty where it is longer than the template is followed over. */
  private static Optional<ChatTokens> rendered(Conversation conversation, ChatTemplate template) {
    try {
      return Optional.of(template.render(conversation.messages()));
    } catch (TooLongException tooLong) {
      return Optional.empty();
    } catch (TextException refused) {
      throw new TextException(
          "Conversation '%s': %s".formatted(conversation.id(), refused.getMessage()), refused);
    }
  }

  /** Reads all but the last token; what the assistant says is what should follow. */
  private static Sequence sequence(Conversation conversation, ChatTokens rendered) {
    int[] ids = rendered.ids();
    if (ids.length < 2) {
      throw new TextException(
          "Conversation '%s': the chat template writes %d tokens of it, in which nothing follows that could be learnt: leave it out"
              .formatted(conversation.id(), ids.length));
    }
    boolean[] assistant = rendered.assistant();
    int[] tokens = new int[ids.length - 1];
    int[] targets = new int[ids.length - 1];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = ids[i];
      targets[i] = assistant[i + 1] ? ids[i + 1] : PackedRows.NO_TARGET;
    }
    return new Sequence(tokens, targets);
  }
}
