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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a recipe says to begin a flow with a published model: the block {@code model}, and every
 * file that its import reads.
 *
 * @param model the block's keys, with those of experts in a map of their own
 * @param files in the order in which a recipe names them
 * @param left a sentence for each thing that the folder says and the flow will not
 */
public record ImportBlock(Map<String, Object> model, List<Path> files, List<String> left) {
  private static final String LEFT_OUT = ". It is left out here";

  /**
   * Looks at a folder in Hugging Face's layout as an import does, but for the weights' values.
   *
   * @throws dev.modelflow.weights.CheckpointException naming the key or tensor of a model that
   *     cannot be imported
   * @throws TextException naming what is wrong with the tokenizer
   * @throws StageFailure when tokenizer and model do not go together
   */
  public static ImportBlock of(Path folder) throws IOException {
    CheckpointFolder source = new CheckpointFolder(folder);
    List<Path> files = new ArrayList<>(source.files());
    ModelConfig model = source.model();
    Tokenizer tokenizer = Vocabulary.requireFits(folder, model);
    // Names and shapes of all tensors are compared as they are opened.
    source.weights().close();

    Set<String> beside = new LinkedHashSet<>(TakenOver.FILES);
    beside.removeIf(name -> Files.notExists(folder.resolve(name)));
    List<String> left = new ArrayList<>();
    lookAtTemplate(folder, tokenizer, beside, left);
    lookAtGeneration(folder, model, beside, left);
    beside.forEach(name -> files.add(folder.resolve(name)));
    return new ImportBlock(RecipeModel.block(model), files, left);
  }

  private static void lookAtTemplate(
      Path folder, Tokenizer tokenizer, Set<String> beside, List<String> left) {
    try {
      ChatTemplate.of(folder, tokenizer);
      if (TemplateFile.read(folder).isEmpty()) {
        beside.remove(TokenizerConfig.FILE);
      }
    } catch (TextException refused) {
      beside.removeAll(List.of(TemplateFile.NAME, TokenizerConfig.FILE));
      left.add(refused.getMessage() + LEFT_OUT);
    }
  }

  private static void lookAtGeneration(
      Path folder, ModelConfig model, Set<String> beside, List<String> left) {
    SpecialIds specials = SpecialIds.read(folder);
    try {
      Map<String, Object> taken = GenerationConfig.taken(folder);
      left.addAll(
          LeftBehind.of(folder, true, GenerationConfig.of(specials, model.context(), taken)));
    } catch (TextException refused) {
      beside.remove(GenerationConfig.FILE);
      left.add(refused.getMessage() + LEFT_OUT);
    }
  }

  /**
   * SHA-256 of each file by its name.
   *
   * @param reads is told of each file before its digest is taken
   */
  public Map<String, String> digests(Consumer<Path> reads) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (Path file : files) {
      reads.accept(file);
      digests.put(String.valueOf(file.getFileName()), Digests.of(file).hex());
    }
    return digests;
  }
}
