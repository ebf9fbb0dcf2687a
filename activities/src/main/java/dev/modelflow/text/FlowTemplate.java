package dev.modelflow.text;

import java.util.Arrays;
import java.util.List;

/**
 * The flow's own format: {@code <|im_start|>ROLE\nCONTENT<|im_end|>\n} a turn, the last turn of the
 * assistant ending with {@code <|endoftext|>} instead. Source: Olmo's chat template.
 */
final class FlowTemplate implements ChatTemplate {
  private final Tokenizer tokenizer;

  FlowTemplate(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public ChatTokens render(List<Message> messages) {
    IntList ids = new IntList(64);
    IntList assistant = new IntList(64);
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      boolean spoken = message.role().equals(Message.ASSISTANT);
      open(message.role(), ids);
      mark(false, ids, assistant);
      ids.addAll(tokenizer.encode(message.content()));
      if (spoken && i == messages.size() - 1) {
        ids.add(tokenizer.specials().endOfText());
        mark(true, ids, assistant);
      } else {
        ids.add(tokenizer.specials().messageEnd());
        mark(spoken, ids, assistant);
        ids.addAll(tokenizer.encode("\n"));
        mark(false, ids, assistant);
      }
    }
    boolean[] marks = new boolean[assistant.size()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = assistant.get(i) != 0;
    }
    return new ChatTokens(ids.toArray(), marks);
  }

  @Override
  public int[] prompt(List<Message> messages) {
    IntList ids = new IntList(64);
    for (Message message : messages) {
      open(message.role(), ids);
      ids.addAll(tokenizer.encode(message.content()));
      ids.add(tokenizer.specials().messageEnd());
      ids.addAll(tokenizer.encode("\n"));
    }
    open(Message.ASSISTANT, ids);
    return ids.toArray();
  }

  @Override
  public int[] answer(String content) {
    int[] ids = tokenizer.encode(content);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = tokenizer.specials().endOfText();
    return ended;
  }

  private void open(String role, IntList ids) {
    ids.add(tokenizer.specials().messageStart());
    ids.addAll(tokenizer.encode(role + "\n"));
  }

  private static void mark(boolean spoken, IntList ids, IntList assistant) {
    while (assistant.size() < ids.size()) {
      assistant.add(spoken ? 1 : 0);
    }
  }
}
