package dev.modelflow.adapter;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.preference.Preference;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.JsonLines;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.PromptForm;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A stage's model and data in the files that open-instruct reads. */
final class OpenInstructData {
  /** It takes the last number of an answer, and ours ends with the answer. */
  private static final String VERIFIER = "gsm8k";

  private OpenInstructData() {}

  /**
   * A checkpoint's folder with what tells transformers of its tokenizer and chat template, and vLLM
   * of both tokens that end an answer. OLMo-core takes no folder without the latter file for a
   * model's.
   *
   * @param context of the model
   */
  static Path model(Path checkpoint, int context, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.filter(OpenInstructData::isOfModel).toList()) {
        Files.createSymbolicLink(
            folder.resolve(String.valueOf(file.getFileName())), file.toAbsolutePath());
      }
    }
    Files.writeString(
        folder.resolve(GenerationConfig.FILE),
        CanonicalJson.write(
            // Its programs say how answers are drawn: what an import took over is not for training.
            GenerationConfig.of(SpecialIds.read(checkpoint), context, Map.of())));
    Files.writeString(
        folder.resolve(TokenizerConfig.FILE),
        CanonicalJson.write(TokenizerConfig.of(context, checkpoint)));
    return folder;
  }

  private static boolean isOfModel(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equals("config.json")
        || name.equals("tokenizer.json")
        || name.equals(TemplateFile.NAME)
        || (name.startsWith("model") && name.contains(".safetensors"));
  }

  /** Pairs as two conversations each. */
  static Path pairs(List<Preference> pairs, Path file) {
    JsonLines.writeAll(
        file,
        pairs.stream()
            .map(
                pair ->
                    Map.of(
                        "chosen", conversation(pair.prompt(), pair.chosen()),
                        "rejected", conversation(pair.prompt(), pair.rejected()))));
    return file;
  }

  private static List<Map<String, String>> conversation(String question, String answer) {
    return List.of(turn("user", question), turn("assistant", answer));
  }

  /** The prompts of this folder that are put as conversations, with what verifies an answer. */
  static Path prompts(Path prompts, Path file) {
    List<Prompt> asked =
        Prompt.readAll(prompts).stream()
            .filter(prompt -> prompt.form() == PromptForm.CHAT)
            .toList();
    if (asked.isEmpty()) {
      throw new StageFailure(
          FailureClass.DATA, prompts + " has no prompt that is put as a conversation");
    }
    JsonLines.writeAll(
        file,
        asked.stream()
            .map(
                prompt ->
                    Map.of(
                        "messages", List.of(turn("user", prompt.prompt())),
                        "ground_truth", prompt.answer(),
                        "dataset", VERIFIER)));
    return file;
  }

  private static Map<String, String> turn(String role, String content) {
    Map<String, String> turn = new LinkedHashMap<>();
    turn.put("role", role);
    turn.put("content", content);
    return turn;
  }
}
