package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes a checkpoint of tensors that another program wrote as safetensors. */
public final class AdoptedCheckpoint {
  private static final String REWRITTEN = "rewritten.safetensors";

  private AdoptedCheckpoint() {}

  /**
   * Completes {@code written}, a folder with {@code model.safetensors}, or several such files and
   * their index, and perhaps {@code optimizer.safetensors}, and renames it to {@code folder} when
   * it is whole. Every tensor is looked at first. Weights in several files, or not in float32, are
   * written anew in the form of {@link CheckpointFolder}, of which no more than a piece is in
   * memory.
   *
   * @param optimizerSteps updates that the moments have seen; without meaning where there are none
   * @param tokenizer file to copy, with what an import has {@linkplain TakenOver taken over}
   * @param state what the stage notes for its continuation; {@code optimizerSteps} is added
   * @param sign is given after each piece that is looked at
   * @throws CheckpointException naming the tensor that is missing, too much, of another shape, not
   *     finite or a mean of squares below 0
   */
  public static CheckpointFolder of(
      Path written,
      Path folder,
      ModelConfig model,
      long optimizerSteps,
      Path tokenizer,
      ObjectNode state,
      SignOfLife sign)
      throws IOException {
    ParameterLayout layout = new ParameterLayout(model);
    adoptWeights(written, layout, sign);
    boolean moments = Files.exists(written.resolve(CheckpointFolder.OPTIMIZER));
    if (moments) {
      requireMoments(written, layout, sign);
    }
    state.put("optimizerSteps", moments ? optimizerSteps : 0);
    CheckpointFolder.writeJson(
        written.resolve(CheckpointFolder.CONFIG), CheckpointFolder.config(model, tokenizer));
    Files.copy(tokenizer, written.resolve(Tokenizer.FILE), StandardCopyOption.REPLACE_EXISTING);
    TakenOver.copy(tokenizer, written);
    CheckpointFolder.writeJson(
        written.resolve(CheckpointFolder.STATE),
        JsonMapper.shared().treeToValue(state, Object.class));
    Files.move(written, folder, StandardCopyOption.ATOMIC_MOVE);
    return new CheckpointFolder(folder);
  }

  private static void adoptWeights(Path written, ParameterLayout layout, SignOfLife sign)
      throws IOException {
    try (WeightFiles weights = WeightFiles.ofModel(written, layout, sign)) {
      if (weights.isOneOfFloat32()) {
        weights.require("", layout);
        return;
      }
      PieceWriter.write(
          written.resolve(REWRITTEN),
          CheckpointFolder.shapes(layout, UnaryOperator.identity()),
          weights);
    }
    for (String file : ModelFiles.names(written)) {
      Files.delete(written.resolve(file));
    }
    Files.move(written.resolve(REWRITTEN), written.resolve(ModelFiles.SINGLE));
  }

  private static void requireMoments(Path written, ParameterLayout layout, SignOfLife sign)
      throws IOException {
    try (WeightFiles moments = WeightFiles.of(written, CheckpointFolder.OPTIMIZER, sign)) {
      moments.require(CheckpointFolder.FIRST, layout);
      moments.requireSquares(CheckpointFolder.SECOND, layout);
    }
  }
}
