package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.TakenOver;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.objects.Digests;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.TemplateFile;
import dev.modelflow.text.TextException;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a recipe says to begin a flow with a published model: the block {@code model}, and the
 * digest of every file that its import reads.
 *
 * @param model the block's keys, with those of experts in a map of their own
 * @param files SHA-256 of each file by its name
 * @param left a sentence for each thing that the folder says and the flow will not
 */
public record ImportBlock(Map<String, Object> model, Map<String, String> files, List<String> left) {

  /**
   * Looks at a folder in Hugging Face's layout as an import does, but for the weights' values.
   *
   * @param reads is told of each file before its digest is taken
   * @throws dev.modelflow.weights.CheckpointException naming the key or tensor of a model that
   *     cannot be imported
   * @throws TextException naming what is wrong with the tokenizer
   * @throws StageFailure when tokenizer and model do not go together
   */
  public static ImportBlock of(Path folder, Consumer<Path> reads) throws IOException {
    CheckpointFolder source = new CheckpointFolder(folder);
    List<Path> pinned = new ArrayList<>(source.files());
    ModelConfig model = source.model();
    Tokenizer tokenizer = Vocabulary.requireFits(folder, model);
    // Names and shapes of all tensors are compared as they are opened.
    source.weights().close();

    Optional<String> refusal = templatesRefusal(folder, tokenizer);
    beside(folder, refusal.isEmpty()).forEach(name -> pinned.add(folder.resolve(name)));
    List<String> left = new ArrayList<>();
    refusal.ifPresent(left::add);
    left.addAll(LeftBehind.of(folder, true, generation(folder, model)));
    return new ImportBlock(RecipeModel.block(model), digests(pinned, reads), left);
  }

  private static Optional<String> templatesRefusal(Path folder, Tokenizer tokenizer) {
    try {
      ChatTemplate.of(folder, tokenizer);
      return Optional.empty();
    } catch (TextException refused) {
      return Optional.of(refused.getMessage() + ". It is left out here");
    }
  }

  /** What an import takes over beside model and tokenizer. */
  private static List<String> beside(Path folder, boolean template) {
    return TakenOver.FILES.stream()
        .filter(name -> Files.exists(folder.resolve(name)))
        .filter(
            name ->
                name.equals(GenerationConfig.FILE) || (template && speaksOfTemplate(folder, name)))
        .toList();
  }

  /** A tokenizer's configuration names the tokens of a template that lies in a file of its own. */
  private static boolean speaksOfTemplate(Path folder, String name) {
    return !name.equals(TokenizerConfig.FILE) || TemplateFile.read(folder).isPresent();
  }

  private static Map<String, Object> generation(Path folder, ModelConfig model) {
    return GenerationConfig.of(
        SpecialIds.read(folder), model.context(), GenerationConfig.taken(folder));
  }

  private static Map<String, String> digests(List<Path> files, Consumer<Path> reads)
      throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Path file : files) {
      reads.accept(file);
      digests.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
    }
    return digests;
  }
}
