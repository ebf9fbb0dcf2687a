package dev.modelflow.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.ChatTokens;
import dev.modelflow.text.Json;
import dev.modelflow.text.Message;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.jinja.Jinja;
import dev.modelflow.text.jinja.Text;
import dev.modelflow.text.jinja.Value;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Chat templates write and encode what transformers does; see {@code parity/chats.py}. */
class ChatGoldenTest {
  private static final String END = "<|endoftext|>";

  @TempDir private Path folder;
  private final Path published = resource("published");
  private final JsonNode file = Json.read(resource("chats.json"));

  private static Path resource(String name) {
    try {
      var resource = Objects.requireNonNull(ChatGoldenTest.class.getResource("/golden/" + name));
      return Path.of(resource.toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private String template(String name) {
    return file.path("templates").path(name).asString();
  }

  private static List<Message> messages(JsonNode of) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode each : of.path("messages")) {
      messages.add(new Message(each.path("role").asString(), each.path("content").asString()));
    }
    return messages;
  }

  @Test
  void templatesWriteWhatTransformersWrites() {
    int compared = 0;
    for (JsonNode each : file.path("cases")) {
      String name = each.path("name").asString();
      Map<String, Value> variables = new LinkedHashMap<>();
      variables.put("messages", turns(messages(each)));
      variables.put("tools", Value.Nothing.NONE);
      variables.put("documents", Value.Nothing.NONE);
      variables.put("add_generation_prompt", new Value.Truth(each.path("prompt").asBoolean()));
      variables.put("bos_token", Text.of(END));
      variables.put("eos_token", Text.of(END));
      variables.put("pad_token", Text.of("<|pad|>"));
      assertThat(Jinja.read(template(name)).render(variables).chars())
          .as(name)
          .isEqualTo(each.path("written").asString());
      compared++;
    }
    assertThat(compared).isGreaterThan(150);
  }

  private static Value turns(List<Message> messages) {
    List<Value> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Value> turn = new LinkedHashMap<>();
      turn.put("role", Text.of(message.role()));
      turn.put("content", Text.of(message.content()));
      turns.add(new Value.Fields(turn));
    }
    return Value.Items.of(turns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"instruct", "think", "plain"})
  void tokensAreThoseOfTransformers(String name) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(published);
    Files.writeString(folder.resolve(TemplateFile.NAME), template(name));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<|endoftext|>\", \"eos_token\": {\"content\": \"<|endoftext|>\"}}");
    ChatTemplate chats = ChatTemplate.of(folder, tokenizer);
    int compared = 0;
    for (JsonNode each : file.path("cases")) {
      if (each.path("name").asString().equals(name) && each.has("tokens")) {
        List<Message> messages = messages(each);
        int[] found =
            each.path("prompt").asBoolean() ? chats.prompt(messages) : chats.render(messages).ids();
        assertThat(found)
            .as(() -> tokenizer.decodeWithSpecials(found))
            .containsExactly(each.path("tokens").valueStream().mapToInt(JsonNode::asInt).toArray());
        compared++;
      }
    }
    assertThat(compared).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"instruct", "plain"})
  void promptAndAnswerTogetherAreTheConversation(String name) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(published);
    Files.writeString(folder.resolve(TemplateFile.NAME), template(name));
    Files.copy(published.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
    ChatTemplate chats = ChatTemplate.of(folder, tokenizer);
    List<Message> talk = List.of(Message.user("The order?"), Message.assistant("\nWords\n"));
    int[] prompt = chats.prompt(talk.subList(0, 1));
    int[] answer = chats.answer("\nWords\n");
    ChatTokens whole = chats.render(talk);
    assertThat(whole.ids()).startsWith(prompt).endsWith(answer);
    assertThat(whole.ids()).hasSize(prompt.length + answer.length);
    for (int i = 0; i < whole.ids().length; i++) {
      assertThat(whole.assistant()[i]).isEqualTo(i >= prompt.length);
    }
  }
}
