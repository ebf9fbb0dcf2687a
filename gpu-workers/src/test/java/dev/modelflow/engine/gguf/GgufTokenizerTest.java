package dev.modelflow.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.TextException;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTokenizerTest {
  private static final String TEMPLATE = "tokenizer.chat_template";
  private static final String BEGIN = "tokenizer.ggml.bos_token_id";
  private static final String END = "tokenizer.ggml.eos_token_id";

  @TempDir private Path folder;

  @BeforeEach
  void write() {
    TokenizerTrainer.train(new WordCounts(), 260).write(folder);
  }

  private Map<String, Object> keys() {
    return GgufTokenizer.of(folder, 260);
  }

  private void say(String template, String config) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    Files.writeString(folder.resolve("tokenizer_config.json"), config);
  }

  @Test
  void aTemplateWritesTheTokensThatTheModelCallsSo() throws IOException {
    String template = "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}";
    say(
        template,
        "{\"bos_token\": \"<|im_start|>\", \"eos_token\": {\"content\": \"<|im_end|>\"}}");
    assertThat(keys())
        .containsEntry(BEGIN, 1)
        .containsEntry(END, 2)
        .containsEntry(TEMPLATE, template);
  }

  /** As transformers does; llama.cpp has a token for each. */
  @Test
  void aTemplateWritesNothingForATokenThatTheModelDoesNotHave() throws IOException {
    String template = "\n{{ bos_token }}{{ messages[0].content }}{{ eos_token }}";
    say(template, "{\"bos_token\": null, \"eos_token\": \"<|im_end|>\"}");
    assertThat(keys())
        .containsEntry(BEGIN, 0)
        .containsEntry(END, 2)
        .containsEntry(TEMPLATE, "{%- set bos_token = '' %}\n" + template);
  }

  @Test
  void aTokenThatTheTokenizerDoesNotHaveIsRefused() throws IOException {
    say("{{ eos_token }}", "{\"eos_token\": \"</s>\"}");
    assertThatThrownBy(this::keys)
        .isInstanceOf(TextException.class)
        .hasMessage(
            "tokenizer_config.json says that eos_token is '</s>', and tokenizer.json has no such token: correct it");
  }

  @Test
  void anImportThatNoStageTunedHasNoTemplate() throws IOException {
    Path state = folder.resolve("trainer_state.json");
    Files.writeString(state, "{\"kind\": \"sft\"}");
    assertThat(keys()).containsEntry(TEMPLATE, ChatTemplate.JINJA);
    Files.writeString(state, "{\"kind\": \"import\"}");
    assertThat(keys()).doesNotContainKey(TEMPLATE);

    Files.writeString(folder.resolve("chat_template.jinja"), "its own");
    assertThat(keys()).containsEntry(TEMPLATE, "its own");
  }
}
