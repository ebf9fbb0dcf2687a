package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Message;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationSequencesTest {
  @TempDir private Path folder;
  private final Tokenizer tokenizer = TokenizerTrainer.train(new WordCounts(), 260);

  private ChatTemplate template(String turn) throws IOException {
    Files.writeString(
        folder.resolve(TemplateFile.NAME), "{% for m in messages %}" + turn + "{% endfor %}");
    return ChatTemplate.of(folder, tokenizer);
  }

  private static Conversation conversation(String id, String asked) {
    return new Conversation(id, List.of(Message.user(asked), Message.assistant("b")));
  }

  /** They end no stage, as those that are longer than a row do not. */
  @Test
  void conversationsThatTakeTheirTemplateTooMuchAreLeftOut() throws IOException {
    ChatTemplate template = template("{{ m.content }}<|im_end|>");
    List<Conversation> all =
        List.of(
            conversation("long", "a".repeat(1 << 23)),
            conversation("short", "a"),
            conversation("longer than a row", "a".repeat(8)));
    assertThat(ConversationSequences.of(all, template, 8).ids()).containsExactly("short");
  }

  @Test
  void aConversationOfWhichNothingIsWrittenIsNamed() throws IOException {
    ChatTemplate template =
        template("{% if 'skip' not in messages[0].content %}{{ m.content }}<|im_end|>{% endif %}");
    assertThatThrownBy(
            () -> ConversationSequences.of(List.of(conversation("c", "skip")), template, 8))
        .isInstanceOf(TextException.class)
        .hasMessage(
            "Conversation 'c': the chat template writes 0 tokens of it, in which nothing follows"
                + " that could be learnt: leave it out");
  }
}
