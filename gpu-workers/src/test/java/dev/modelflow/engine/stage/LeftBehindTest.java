package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Json;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import says of the files beside a model that it does not take over. */
class LeftBehindTest {
  private static final String GENERATION = "generation_config.json";

  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  /** Of an import that pins these beside the model. */
  private List<String> warnings(String... beside) throws IOException {
    return published.imported(published.pinned(beside)).warnings();
  }

  @Test
  void whatIsAsInTheFlowIsNotSpokenOf() throws Exception {
    assertThat(warnings()).isEmpty();
    Json.write(
        published.folder.resolve("tokenizer_config.json"),
        TokenizerConfig.of(48, published.folder));
    published.write(
        GENERATION,
        """
        {"transformers_version": "5.23.0", "do_sample": true, "temperature": 1, "top_p": null,
         "eos_token_id": [2, 0], "pad_token_id": 3}
        """);
    assertThat(warnings()).isEmpty();
  }

  /** In newer folders the template has a file of its own, which counts. */
  @Test
  void anotherChatTemplateIsSpokenOf() throws Exception {
    String others =
        " has another chat template than the flow, in which the stages after it write"
            + " conversations: name it in 'files' to go on in it, or train with sft before you talk"
            + " to a release of it";
    Path config =
        published.write("tokenizer_config.json", "{\"chat_template\": \"{{ messages }}\"}");
    assertThat(warnings()).containsExactly("warning: " + config + others);
    published.write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{ messages }}\"}]}");
    assertThat(warnings()).containsExactly("warning: " + config + others);

    Path own = published.write("chat_template.jinja", ChatTemplate.JINJA + "\n");
    assertThat(warnings()).isEmpty();
    published.write("chat_template.jinja", "{{ messages }}");
    assertThat(warnings()).containsExactly("warning: " + own + others);
  }

  @Test
  void anotherWayToAnswerIsSpokenOf() throws Exception {
    Path config =
        published.write(
            GENERATION,
            "{\"eos_token_id\": 0, \"pad_token_id\": 3, \"do_sample\": true, \"top_k\": 5}");
    assertThat(warnings())
        .containsExactly(
            "warning: "
                + config
                + " says otherwise of eos_token_id, top_k than a release of this flow"
                + " will: pass what you need of it when you generate");
  }

  @Test
  void ofAPinnedWayToAnswerOnlyWhatNoReleaseSaysIsSpokenOf() throws Exception {
    published.write(
        GENERATION,
        """
        {"do_sample": true, "temperature": 0.6, "top_p": 0.95, "max_new_tokens": 20,
         "eos_token_id": [0, 2], "pad_token_id": 3}
        """);
    assertThat(warnings(GENERATION)).isEmpty();
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains(" says otherwise of max_new_tokens, temperature, top_p than a release of this");

    published.write(
        GENERATION,
        """
        {"do_sample": true, "temperature": 0, "min_p": 0.1, "top_k": 5, "eos_token_id": [0, 2],
         "pad_token_id": 3}
        """);
    assertThat(warnings(GENERATION))
        .singleElement()
        .asString()
        .contains(" says otherwise of min_p, temperature than a release of this flow will");
  }

  @Test
  void whatCannotBeReadBesideAModelIsSpokenOfAndStopsNoImport() throws Exception {
    Path config = published.write(GENERATION, "{");
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("warning: " + config + " is not looked at, since it cannot be read: ");
  }
}
