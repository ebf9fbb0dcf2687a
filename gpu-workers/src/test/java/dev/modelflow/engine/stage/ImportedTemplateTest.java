package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Message;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat template that an import takes over. */
class ImportedTemplateTest {
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";

  private static final String SFT =
      """
      {"steps": 2, "rows": 2, "learningRate": 0.01}
      """;

  private static final String TURNS =
      "{% for m in messages %}<|im_start|>{{ m.role }}\r\n{{ m.content }}{{ eos_token }}\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  @TempDir private Path root;
  private PublishedModel published;

  @BeforeEach
  void publish() throws IOException {
    published = PublishedModel.in(root);
  }

  private Path tuned(Path checkpoint, String output) throws IOException {
    published.flow.inputs.put("checkpoint", checkpoint);
    RecordedEvents events = new RecordedEvents();
    Stages.run(published.flow.spec(StageKind.SFT, SFT, output, null), events);
    return events.checkpointAt(2);
  }

  /** Every stage from there on writes conversations in it. */
  @Test
  void aChatTemplateThatIsPinnedStaysWithTheModelAndIsFollowed() throws Exception {
    Path template = published.write(TEMPLATE, TURNS);
    Path config = published.write(CONFIG, "{ \"eos_token\": \"<|endoftext|>\" }");
    PublishedModel.Imported imported = published.imported(published.pinned(TEMPLATE, CONFIG));
    assertThat(imported.warnings()).isEmpty();

    Path tuned = tuned(imported.path(), "sft");
    assertThat(tuned.resolve(TEMPLATE)).hasSameBinaryContentAs(template);
    assertThat(tuned.resolve(CONFIG)).hasSameBinaryContentAs(config);
    ChatTemplate own = ChatTemplate.of(tuned, Tokenizer.read(tuned));
    assertThat(Tokenizer.read(tuned).decodeWithSpecials(own.prompt(List.of(Message.user("a")))))
        .isEqualTo("<|im_start|>user\na<|endoftext|>\n<|im_start|>assistant\n");

    Path plain = tuned(published.imported(published.pinned()).path(), "sft-plain");
    assertThat(plain.resolve(TEMPLATE)).doesNotExist();
    assertThat(
            Files.mismatch(tuned.resolve("model.safetensors"), plain.resolve("model.safetensors")))
        .isNotNegative();
  }

  @Test
  void aTokenizerConfigWithoutATemplateIsNotTakenOver() throws Exception {
    published.write(CONFIG, "{}");
    assertThat(published.imported(published.pinned(CONFIG)).path().resolve(CONFIG)).doesNotExist();
  }

  @Test
  void theTemplateThatCountsIsTheOneToPin() throws Exception {
    published.write(CONFIG, "{\"chat_template\": \"older\"}");
    published.write(TEMPLATE, TURNS);
    published
        .assertRefused(published.pinned(CONFIG), FailureClass.RECIPE)
        .hasMessageEndingWith(": use also chat_template.jinja, whose template counts");
  }

  @Test
  void aChatTemplateThatIsNotFollowedExactlyIsRefused() throws Exception {
    published.write(TEMPLATE, "\n{{ messages[0].content | upper }}");
    published
        .assertRefused(published.pinned(TEMPLATE), FailureClass.RECIPE)
        .hasMessageStartingWith(
            "The chat template in chat_template.jinja cannot be followed exactly: line 2 has the"
                + " filter 'upper', which is none of length, ");
    published.write(TEMPLATE, TURNS);
    published
        .assertRefused(published.pinned(TEMPLATE), FailureClass.RECIPE)
        .hasMessageContaining(" writes eos_token, which tokenizer_config.json says: name that");
  }
}
