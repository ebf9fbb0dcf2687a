package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Message;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The chat template that an import takes over. */
class ImportedTemplateTest {
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 1, "rows": 2, "learningRate": 0.01}
      """;
  private static final String SFT =
      """
      {"steps": 2, "rows": 2, "learningRate": 0.01}
      """;

  private static final String TURNS =
      "{% for m in messages %}<|im_start|>{{ m.role }}\r\n{{ m.content }}{{ eos_token }}\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  @TempDir private Path root;
  private ToyFlow flow;
  private Path published;
  private List<String> warned = List.of();
  private int imports;

  @BeforeEach
  void publish() throws Exception {
    flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);
    published = Files.createDirectories(root.resolve("published"));
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      Files.copy(events.checkpointAt(1).resolve(file), published.resolve(file));
    }
  }

  private Map<String, String> pinned() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      files.put(file, Digests.of(published.resolve(file)).hex());
    }
    return files;
  }

  private Path imported(Map<String, String> files) throws IOException {
    List<Map<String, String>> pinned = new ArrayList<>();
    files.forEach((name, digest) -> pinned.add(Map.of("name", name, "sha256", digest)));
    String parameters =
        JsonMapper.shared()
            .writeValueAsString(Map.of("folder", published.toString(), "files", pinned));
    RecordedEvents events = new RecordedEvents();
    StageSpec spec = flow.spec(StageKind.IMPORT, parameters, "import-" + ++imports, null);
    StageResult.Done done = (StageResult.Done) Stages.run(spec, events);
    warned = events.lines.stream().filter(line -> line.startsWith("warning: ")).toList();
    return Objects.requireNonNull(done.outputs().get("checkpoint")).path();
  }

  private static Path weights(Path folder) {
    return folder.resolve("model.safetensors");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Map<String, String> files) {
    return assertThatThrownBy(() -> imported(files))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.RECIPE));
  }

  /** Every stage from there on writes conversations in it. */
  @Test
  void aChatTemplateThatIsPinnedStaysWithTheModelAndIsFollowed() throws Exception {
    Path template = Files.writeString(published.resolve("chat_template.jinja"), TURNS);
    Path config = published.resolve("tokenizer_config.json");
    Files.writeString(config, "{ \"eos_token\": \"<|endoftext|>\" }");
    Map<String, String> files = pinned();
    files.put("chat_template.jinja", Digests.of(template).hex());
    files.put("tokenizer_config.json", Digests.of(config).hex());
    flow.inputs.put("checkpoint", imported(files));
    assertThat(warned).isEmpty();
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.SFT, SFT, "sft", null), events);

    Path tuned = events.checkpointAt(2);
    assertThat(tuned.resolve("chat_template.jinja")).hasSameBinaryContentAs(template);
    assertThat(tuned.resolve("tokenizer_config.json")).hasSameBinaryContentAs(config);
    ChatTemplate own = ChatTemplate.of(tuned, Tokenizer.read(tuned));
    assertThat(Tokenizer.read(tuned).decodeWithSpecials(own.prompt(List.of(Message.user("a")))))
        .isEqualTo("<|im_start|>user\na<|endoftext|>\n<|im_start|>assistant\n");
    RecordedEvents flows = new RecordedEvents();
    flow.inputs.put("checkpoint", imported(pinned()));
    Stages.run(flow.spec(StageKind.SFT, SFT, "sft-plain", null), flows);
    assertThat(flows.checkpointAt(2).resolve("chat_template.jinja")).doesNotExist();
    assertThat(Files.mismatch(weights(tuned), weights(flows.checkpointAt(2)))).isNotNegative();
  }

  @Test
  void aTokenizerConfigWithoutATemplateIsNotTakenOver() throws Exception {
    Path config = Files.writeString(published.resolve("tokenizer_config.json"), "{}");
    Map<String, String> files = pinned();
    files.put("tokenizer_config.json", Digests.of(config).hex());
    assertThat(imported(files).resolve("tokenizer_config.json")).doesNotExist();
  }

  @Test
  void theTemplateThatCountsIsTheOneToPin() throws Exception {
    Path config =
        Files.writeString(
            published.resolve("tokenizer_config.json"), "{\"chat_template\": \"older\"}");
    Files.writeString(published.resolve("chat_template.jinja"), TURNS);
    Map<String, String> files = pinned();
    files.put("tokenizer_config.json", Digests.of(config).hex());
    assertRefused(files)
        .hasMessageEndingWith(": use also chat_template.jinja, whose template counts");
  }

  @Test
  void aChatTemplateThatIsNotFollowedExactlyIsRefused() throws Exception {
    Path template = published.resolve("chat_template.jinja");
    Files.writeString(template, "\n{{ messages[0].content | upper }}");
    Map<String, String> files = pinned();
    files.put("chat_template.jinja", Digests.of(template).hex());
    assertRefused(files)
        .hasMessageStartingWith(
            "The chat template in chat_template.jinja cannot be followed exactly: line 2 has the"
                + " filter 'upper', which is none of length, ");
    Files.writeString(template, TURNS);
    files.put("chat_template.jinja", Digests.of(template).hex());
    assertRefused(files)
        .hasMessageContaining(" writes eos_token, which tokenizer_config.json says: name that");
  }
}
