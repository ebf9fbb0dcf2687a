package dev.modelflow.parity;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.objects.Digests;
import dev.modelflow.plan.RecipeCompiler;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Message;
import dev.modelflow.text.TokenSetWriter;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A small flow with its data, for two trainers to do the same stages of. */
final class OutsideToy {
  private static final int DOCUMENTS = 200;
  private static final int CONVERSATIONS = 60;

  private static final String RECIPE =
      """
      recipe: 1
      name: outside
      seed: 5
      model: {layers: 5, width: 32, heads: 4, keyValueHeads: 2, feedForward: 48, vocabulary: 300,
              context: 48, slidingWindow: 16, ropeBase: 10000}
      stages:
        synthesize: {}
        curate:
          synthetic: synthesize
          sources:
            - {name: toy, artifact: "toy:toy:1", licence: none, published: 2026-01-01, format: java,
               sha256: 0000000000000000000000000000000000000000000000000000000000000000}
        pretrain: {data: curate, mix: {toy: 1}, steps: 30, rows: 4, learningRate: 0.01, warmupSteps: 3,
                   checkpointEvery: 10, metricsEvery: 1}
        midtrain: {from: pretrain, data: curate, mix: {toy: 1}, steps: 10, rows: 4,
                   learningRate: 0.002, metricsEvery: 1}
        long-context: {from: midtrain, data: curate, mix: {toy: 1}, contextFactor: 4, steps: 10,
                       rows: 2, learningRate: 0.001, warmupSteps: 2, metricsEvery: 1}
        sft: {from: long-context, conversations: synthesize, rows: 4, rowLength: 96, steps: 10,
              learningRate: 0.001, schedule: constant, metricsEvery: 1}
      """;

  private final FlowPlan plan = new RecipeCompiler().compile(RECIPE, Map.of());
  private final Path folder;

  private OutsideToy(Path folder) {
    this.folder = folder;
  }

  /** Writes tokenizer, tokens and conversations into {@code folder}. */
  static OutsideToy in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Tokenizer tokenizer = ToyText.trained(300).tokenizer();
    String digest = Digests.of(tokenizer.write(folder)).hex();
    try (TokenSetWriter writer = new TokenSetWriter(folder, digest)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        String text = text(i, 4 + i % 40);
        writer.add("toy" + i, "toy", tokenizer.encode(text), text.length());
      }
    }
    Conversation.writeAll(folder, IntStream.range(0, CONVERSATIONS).mapToObj(OutsideToy::talk));
    return new OutsideToy(folder);
  }

  private static Conversation talk(int i) {
    return new Conversation(
        "c" + i,
        List.of(
            Message.user("What comes after " + i % 10 + "?"), Message.assistant(text(i + 1, 3))));
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
