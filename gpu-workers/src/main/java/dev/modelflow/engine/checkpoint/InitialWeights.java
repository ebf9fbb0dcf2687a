package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Writes the weights that a model begins with, piece by piece. */
public final class InitialWeights {
  private InitialWeights() {}

  /** Writes {@code model.safetensors} into {@code folder}, which is made when there is none. */
  public static void write(Path folder, ModelConfig model, Initialization initialization, long seed)
      throws IOException {
    ParameterLayout layout = new ParameterLayout(model);
    Files.createDirectories(folder);
    PieceWriter.write(
        folder.resolve(ModelFiles.SINGLE),
        CheckpointFolder.shapes(layout, UnaryOperator.identity()),
        (tensor, piece, into) -> initialization.fill(layout.entry(tensor), seed, piece, into));
  }
}
