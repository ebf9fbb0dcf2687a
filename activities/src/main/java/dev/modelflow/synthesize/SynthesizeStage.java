package dev.modelflow.synthesize;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.Conversation;
import dev.modelflow.text.Document;
import dev.modelflow.text.Json;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stage {@code synthesize}: texts, conversations, prompts and held-out questions. Equal seed
 * and parameters give equal bytes.
 */
public final class SynthesizeStage {
  private SynthesizeStage() {}

  /**
   * Runs the stage.
   *
   * @param parameters as the recipe resolved them, see {@code docs/recipe.md}
   * @param seed of everything random
   * @param output an empty folder; each output becomes a folder in it
   * @param log takes a line for people now and then
   * @return {@code documents}, {@code conversations}, {@code prompts} and {@code questions}
   */
  public static Map<String, StageOutput> run(
      Map<String, ? extends @Nullable Object> parameters,
      long seed,
      Path output,
      Consumer<String> log) {
    SynthesizeParameters typed = Json.convert(parameters, SynthesizeParameters.class);
    check(typed);
    List<Document> documents = new Families(seed, typed).documents().toList();
    Asking asking = new Asking(seed, typed);
    List<Conversation> conversations = asking.conversations().toList();
    List<Prompt> prompts = asking.prompts().toList();
    List<Prompt> questions = asking.questions().toList();
    Map<String, StageOutput> outputs = new LinkedHashMap<>();
    Path folder = folder(output, "documents");
    JsonLines.writeAll(folder.resolve("documents.jsonl.zst"), documents.stream());
    outputs.put("documents", output(ArtifactKind.CORPUS, folder, "documents", documents.size()));
    folder = folder(output, "conversations");
    Conversation.writeAll(folder, conversations.stream());
    outputs.put(
        "conversations",
        output(ArtifactKind.CORPUS, folder, "conversations", conversations.size()));
    folder = folder(output, "prompts");
    Prompt.writeAll(folder, prompts.stream());
    outputs.put("prompts", output(ArtifactKind.PROMPT_SET, folder, "prompts", prompts.size()));
    folder = folder(output, "questions");
    Prompt.writeAll(folder, questions.stream());
    outputs.put("questions", output(ArtifactKind.PROMPT_SET, folder, "prompts", questions.size()));
    log.accept(
        "Made %d documents, %d conversations, %d prompts and %d held-out questions"
            .formatted(documents.size(), conversations.size(), prompts.size(), questions.size()));
    return outputs;
  }

  private static void check(SynthesizeParameters parameters) {
    boolean asks = parameters.questions().sums() + parameters.questions().problems() > 0;
    if (parameters.heldOut() < 0 || parameters.heldOut() > 0.9) {
      throw recipe("heldOut is %s: expected 0 to 0.9".formatted(parameters.heldOut()));
    }
    if (asks && parameters.heldOut() == 0) {
      throw recipe("heldOut is 0, but held-out questions are asked for: set it to e.g. 0.2");
    }
    for (SynthesizeParameters.Needles needles :
        List.of(parameters.needles(), parameters.longNeedles())) {
      if (needles.lines() < 1 || needles.lines() > Vocabulary.KEYS.size()) {
        throw recipe(
            "lines is %d: expected 1 to %d".formatted(needles.lines(), Vocabulary.KEYS.size()));
      }
    }
  }

  private static StageFailedException recipe(String message) {
    return new StageFailedException(FailureClass.RECIPE, message);
  }

  private static StageOutput output(ArtifactKind kind, Path folder, String unit, int count) {
    return new StageOutput(kind, folder, Map.of(unit, String.valueOf(count)));
  }

  private static Path folder(Path output, String name) {
    try {
      return Files.createDirectories(output.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for " + name + " in " + output, e);
    }
  }
}
