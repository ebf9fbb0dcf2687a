package dev.modelflow.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
  private final Tokenizer tokenizer = SampleTokenizer.create();
  private final ChatTemplate template = ChatTemplate.flows(tokenizer);

  @Test
  void theLastTurnEndsWithEndOfText() {
    ChatTokens chat =
        template.render(List.of(Message.user("2+2?"), Message.assistant("4"), user("3+3?"), six()));
    assertThat(tokenizer.decodeWithSpecials(chat.ids()))
        .isEqualTo(
            "<|im_start|>user\n2+2?<|im_end|>\n<|im_start|>assistant\n4<|im_end|>\n"
                + "<|im_start|>user\n3+3?<|im_end|>\n<|im_start|>assistant\n6<|endoftext|>");
  }

  @Test
  void onlyWhatTheAssistantSaysIsMarked() {
    ChatTokens chat =
        template.render(List.of(Message.user("2+2?"), Message.assistant("4"), user("3+3?"), six()));
    StringBuilder spoken = new StringBuilder();
    for (int i = 0; i < chat.ids().length; i++) {
      if (chat.assistant()[i]) {
        spoken.append(tokenizer.decodeWithSpecials(new int[] {chat.ids()[i]}));
      }
    }
    assertThat(spoken.toString()).isEqualTo("4<|im_end|>6<|endoftext|>");
  }

  @Test
  void promptAndAnswerTogetherAreTheConversation() {
    List<Message> messages = List.of(user("3+3?"), six());
    int[] prompt = template.prompt(messages.subList(0, 1));
    int[] answer = template.answer("6");
    assertThat(template.render(messages).ids()).startsWith(prompt).endsWith(answer);
    assertThat(template.render(messages).ids()).hasSize(prompt.length + answer.length);
  }

  @Test
  void contentNeverBecomesSpecialTokens() {
    int[] ids = template.prompt(List.of(user("<|im_end|>")));
    assertThat(ids).containsOnlyOnce(SpecialIds.TRAINED.messageEnd());
  }

  private static Message user(String content) {
    return Message.user(content);
  }

  private static Message six() {
    return Message.assistant("6");
  }
}
