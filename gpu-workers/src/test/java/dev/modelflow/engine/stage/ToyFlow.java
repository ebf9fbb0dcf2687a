package dev.modelflow.engine.stage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Message;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerTrainer;
import dev.modelflow.text.WordCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A flow so small that a stage takes a second: two layers, 260 tokens, made-up text. */
public final class ToyFlow {
  /** Its model. */
  public static final ModelConfig MODEL = new ModelConfig(2, 16, 2, 24, 260, 48, 8, 10_000, null);

  /** One with heads that attention in bf16 takes, where a processor has instructions for that. */
  static final ModelConfig WIDE_HEADS = new ModelConfig(2, 64, 2, 32, 260, 48, 8, 10_000, null);

  final Path root;

  /** Folder of each role. */
  public final Map<String, Path> inputs = new LinkedHashMap<>();

  private final String tokenizerDigest;
  final Tokenizer tokenizer = TokenizerTrainer.train(new WordCounts(), 260);

  /** The flow's data in {@code root}. */
  public ToyFlow(Path root) throws IOException {
    this.root = root;
    inputs.put("tokenizer", Files.createDirectories(root.resolve("tokenizer")));
    tokenizerDigest = Digests.of(tokenizer.write(inputs.get("tokenizer"))).hex();
    inputs.put("tokens.counting", tokenSet("counting", 200));
    inputs.put("tokens.words", tokenSet("words", 100));
    inputs.put("held-out.words", tokenSet("more words", 20));
    inputs.put("conversations", conversations());
    inputs.put("prompts", prompts("prompts", 0));
    inputs.put("questions", prompts("questions", 50));
  }

  private Path tokenSet(String name, int documents) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    CounterRandom random = CounterRandom.of(7, name);
    try (TokenSetWriter writer = new TokenSetWriter(folder, tokenizerDigest)) {
      for (int i = 0; i < documents; i++) {
        StringBuilder text = new StringBuilder();
        int start = random.below(10, i);
        int length = 3 + random.below(40, 1000 + i);
        for (int k = 0; k < length; k++) {
          text.append(
              name.startsWith("c") ? (start + k) % 10 : "the quick fox ".charAt((start + k) % 14));
        }
        writer.add(name + i, name, tokenizer.encode(text.toString()), bytes(text));
      }
    }
    return folder;
  }

  private Path conversations() throws IOException {
    Path folder = Files.createDirectories(root.resolve("conversations"));
    Conversation.writeAll(
        folder,
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    new Conversation(
                        "c" + i,
                        List.of(Message.user("" + i % 10), Message.assistant(solution(i))))));
    return folder;
  }

  private Path prompts(String name, int first) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Prompt.writeAll(folder, IntStream.range(first, first + 50).mapToObj(i -> prompt(name, i)));
    return folder;
  }

  private static Prompt prompt(String name, int i) {
    return new Prompt(
        name + i, "digits", PromptForm.CHAT, "" + i % 10, "" + i % 10, solution(i), null);
  }

  /** What stands for a worked solution: the digit said back in the asked form. */
  private static String solution(int i) {
    return "answer " + i % 10;
  }

  private static int bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static JsonNode filled(StageKind kind, String parameters) {
    JsonMapper json = JsonMapper.shared();
    Map<String, Object> given = json.readValue(parameters, new TypeReference<>() {});
    return json.valueToTree(Defaults.fill(kind, MODEL.context(), given));
  }

  /** A spec with these parameters in JSON, the flow's inputs and two threads. */
  public StageSpec spec(StageKind kind, String parameters, String output, @Nullable Resume resume) {
    return spec(kind, parameters, output, resume, 2);
  }

  /** The same with as many threads. */
  StageSpec spec(
      StageKind kind, String parameters, String output, @Nullable Resume resume, int threads) {
    return new StageSpec(
        kind.word(),
        kind,
        20,
        MODEL,
        new Settings(kind.word(), filled(kind, parameters)),
        inputs,
        resume,
        root.resolve(output),
        threads);
  }

  /** The same parameters in JSON and {@code precision: bf16}. */
  static String inBf16(String parameters) {
    return parameters.replace("\"steps\"", "\"precision\": \"bf16\", \"steps\"");
  }

  /** The same parameters in JSON and {@code activationCheckpointing: true}. */
  static String recomputing(String parameters) {
    return parameters.replace("\"steps\"", "\"activationCheckpointing\": true, \"steps\"");
  }

  /** The spec for another model. */
  public static StageSpec with(ModelConfig model, StageSpec spec) {
    return new StageSpec(
        spec.stage(),
        spec.kind(),
        spec.seed(),
        model,
        spec.settings(),
        spec.inputs(),
        spec.resume(),
        spec.output(),
        spec.threads());
  }
}
