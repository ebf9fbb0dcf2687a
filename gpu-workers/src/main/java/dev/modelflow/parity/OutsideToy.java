package dev.modelflow.parity;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.objects.Digests;
import dev.modelflow.plan.RecipeCompiler;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Message;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A small flow with its data, for two trainers, or two devices, to do the same stages of. */
final class OutsideToy {
  private static final int DOCUMENTS = 200;
  private static final int CONVERSATIONS = 60;

  private static final String DATA =
      """
      recipe: 1
      name: outside
      seed: 5
      stages:
        synthesize: {}
        curate:
          synthetic: synthesize
          sources:
            - {name: toy, artifact: "toy:toy:1", licence: none, published: 2026-01-01, format: java,
               sha256: 0000000000000000000000000000000000000000000000000000000000000000}
      """;

  private static final String STAGES =
      """
        pretrain: {data: curate, mix: {toy: 1}, steps: 30, rows: 4, learningRate: 0.01, warmupSteps: 3,
                   checkpointEvery: 10, metricsEvery: 1}
        midtrain: {from: pretrain, data: curate, mix: {toy: 1}, steps: 10, rows: 4,
                   learningRate: 0.002, metricsEvery: 1}
        long-context: {from: midtrain, data: curate, mix: {toy: 1}, contextFactor: 4, steps: 10,
                       rows: 2, learningRate: 0.001, warmupSteps: 2, metricsEvery: 1}
        sft: {from: long-context, conversations: synthesize, rows: 4, rowLength: 96, steps: 10,
              learningRate: 0.001, schedule: constant, metricsEvery: 1}
        dpo: {from: sft, weak: sft@10, prompts: synthesize, steps: 4, pairs: 16, heldOutPairs: 4,
              batchPairs: 4, beta: 5, learningRate: 0.0005, maxNewTokens: 8, metricsEvery: 1}
        rlvr: {from: dpo, prompts: synthesize, reward: random, steps: 4, promptsPerStep: 2,
               groupSize: 4, learningRate: 0.0005, maxNewTokens: 8, metricsEvery: 1}
      model: {layers: 5, width: 32, heads: 4, keyValueHeads: 2, feedForward: 48, vocabulary: 300,
              context: 48, slidingWindow: 16, ropeBase: 10000}
      """;

  /** Keys beyond those, for trainers that are to follow every key that the engine has. */
  private static final Map<String, @Nullable Object> FURTHER =
      Map.ofEntries(
          Map.entry("pretrain.scheduleSteps", 40),
          Map.entry("pretrain.skipStep", "{window: 8, deviations: 0.25}"),
          Map.entry("pretrain.instanceFilter", "{longest: 4, times: 8}"),
          Map.entry("pretrain.activationCheckpointing", true),
          Map.entry("midtrain.schedule", "half-cosine"),
          Map.entry("midtrain.warmupSteps", 2),
          Map.entry("midtrain.finalFraction", 0.1),
          Map.entry("midtrain.microBatchTokens", 100),
          Map.entry("long-context.schedule", "wsd"),
          Map.entry("long-context.decaySteps", 4),
          Map.entry("long-context.instanceFilter", "{longest: 4, times: 8}"),
          Map.entry("long-context.gradientClip", 0),
          // Its first steps are steep after this long-context: larger ones magnify rounding.
          Map.entry("sft.learningRate", 0.0002));

  /** Words of a document that says one of them again and again, one of so many documents. */
  private static final int REPEATED = 30;

  private static final int REPETITIVE = 8;

  /** As many weights as a GPU needs to be kept busy: 136 million. */
  private static final String LARGER =
      """
        pretrain: {data: curate, mix: {toy: 1}, steps: 40, rows: 16, learningRate: 0.001,
                   warmupSteps: 4, metricsEvery: 1}
      model: {layers: 12, width: 768, heads: 12, feedForward: 2048, vocabulary: 32768,
              context: 1024, slidingWindow: 256, ropeBase: 500000}
      """;

  private final FlowPlan plan;
  private final Path folder;

  private OutsideToy(String stages, Map<String, @Nullable Object> further, Path folder) {
    plan = new RecipeCompiler().compile(DATA + stages, further);
    this.folder = folder;
  }

  /** Writes tokenizer, tokens, conversations and prompts into {@code folder}. */
  static OutsideToy in(Path folder) throws IOException {
    return in(folder, STAGES, Map.of());
  }

  /**
   * The same with steps that are skipped, sequences that are filtered, other courses of the
   * learning rate and blocks that are computed twice.
   */
  static OutsideToy withFurtherKeys(Path folder) throws IOException {
    return in(folder, STAGES, FURTHER);
  }

  /** The same with a model that takes a GPU's time, and its pretraining alone. */
  static OutsideToy larger(Path folder) throws IOException {
    return in(folder, LARGER, Map.of());
  }

  private static OutsideToy in(Path folder, String stages, Map<String, @Nullable Object> further)
      throws IOException {
    Files.createDirectories(folder);
    Tokenizer tokenizer = ToyText.trained(300).tokenizer();
    String digest = Digests.of(tokenizer.write(folder)).hex();
    try (TokenSetWriter writer = new TokenSetWriter(folder, digest)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        boolean repetitive = !further.isEmpty() && i % REPETITIVE == 0;
        String text = repetitive ? "order ".repeat(REPEATED) : text(i, 4 + i % 40);
        writer.add("toy" + i, "toy", tokenizer.encode(text), text.length());
      }
    }
    Conversation.writeAll(folder, IntStream.range(0, CONVERSATIONS).mapToObj(OutsideToy::talk));
    Prompt.writeAll(folder, IntStream.range(0, CONVERSATIONS).mapToObj(OutsideToy::prompt));
    return new OutsideToy(stages, further, folder);
  }

  private static Conversation talk(int i) {
    return new Conversation(
        "c" + i,
        List.of(
            Message.user("What comes after " + i % 10 + "?"), Message.assistant(text(i + 1, 3))));
  }

  private static Prompt prompt(int i) {
    String digit = "" + i % 10;
    return new Prompt("p" + i, "digits", PromptForm.CHAT, digit, digit, "answer " + digit, null);
  }

  private static String text(int first, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append((first + i) % 10).append(i % 3 == 0 ? " order " : " and ");
    }
    return text.toString();
  }

  FlowPlan plan() {
    return plan;
  }

  StagePlan stage(String name) {
    return plan.stage(name);
  }

  /** Folders of a stage's inputs but for the checkpoint. */
  Map<String, String> inputs(String stage) {
    Map<String, String> inputs = new LinkedHashMap<>();
    plan.stage(stage).inputs().keySet().stream()
        .filter(role -> !role.equals("checkpoint"))
        .forEach(role -> inputs.put(role, folder.toString()));
    return inputs;
  }
}
