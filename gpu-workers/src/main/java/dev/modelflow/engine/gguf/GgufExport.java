package dev.modelflow.engine.gguf;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.checkpoint.WeightFiles;
import dev.modelflow.engine.gguf.GgufWriter.Tensor;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.text.GenerationConfig;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a checkpoint, or a release of one, as the one file that llama.cpp and LM Studio load. */
public final class GgufExport {
  private GgufExport() {}

  /**
   * Writes the model of {@code checkpoint} with its tokenizer and chat template.
   *
   * @param name that programs show
   * @param type of the matrices; norms, and rows that are no multiple of a block, are written in
   *     float32 and float16
   * @param file replaced when it exists, once the new one is whole
   * @throws CheckpointException when the checkpoint is damaged or does not fit its tokenizer
   */
  public static void write(CheckpointFolder checkpoint, String name, GgufType type, Path file)
      throws IOException {
    ModelConfig model = checkpoint.model();
    requireKnown(model);
    requireTokenizerFits(checkpoint, model);
    Map<String, Object> metadata = new LinkedHashMap<>(GgufMetadata.of(model, name, type));
    metadata.putAll(GgufMetadata.sampling(GenerationConfig.taken(checkpoint.path())));
    metadata.putAll(GgufTokenizer.of(checkpoint.path(), model.vocabulary()));
    Path temporary = file.resolveSibling(file.getFileName() + ".part");
    try (WeightFiles weights = checkpoint.weights()) {
      GgufWriter.write(temporary, metadata, tensors(new ParameterLayout(model), type), weights);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void requireKnown(ModelConfig model) throws CheckpointException {
    if (model.experts() != null) {
      throw new CheckpointException(
          "The model has %d experts a block: llama.cpp knows no Olmo 2 or 3 with experts, so a sparse model stays in Hugging Face's layout"
              .formatted(model.experts().count()));
    }
    if (model.queryWidth() != model.width()) {
      throw new CheckpointException(
          "The model's %d heads of size %d do not share its width of %d: llama.cpp knows no such olmo2"
              .formatted(model.heads(), model.headSize(), model.width()));
    }
  }

  private static void requireTokenizerFits(CheckpointFolder checkpoint, ModelConfig model)
      throws CheckpointException {
    int tokens = Tokenizer.read(checkpoint.path()).vocabularySize();
    if (tokens > model.vocabulary()) {
      throw new CheckpointException(
          "%s has %d tokens and the model's embedding %d: use the tokenizer that it was trained with"
              .formatted(Tokenizer.FILE, tokens, model.vocabulary()));
    }
  }

  private static List<Tensor> tensors(ParameterLayout layout, GgufType type) {
    List<Tensor> tensors = new ArrayList<>();
    for (Entry entry : layout.entries()) {
      tensors.add(tensor(GgufNames.of(entry.name()), entry, type));
    }
    // llama.cpp wants a tied head's matrix a second time.
    if (layout.head().name().equals(ParameterLayout.EMBEDDING)) {
      tensors.add(tensor(GgufNames.HEAD, layout.head(), type));
    }
    return tensors;
  }

  private static Tensor tensor(String name, Entry entry, GgufType type) {
    return new Tensor(name, entry.name(), entry.shape(), of(entry, type));
  }

  /** llama.cpp wants norms in float32; rows that blocks do not fill evenly become float16. */
  private static GgufType of(Entry entry, GgufType type) {
    if (entry.shape().size() == 1) {
      return GgufType.F32;
    }
    return entry.shape().getLast() % type.blockValues() == 0 ? type : GgufType.F16;
  }
}
