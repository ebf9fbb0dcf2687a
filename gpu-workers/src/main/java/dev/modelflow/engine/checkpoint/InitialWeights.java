package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.weights.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;

/** The weights that a model begins with, as a file that is written piece by piece. */
public record InitialWeights(ModelConfig model, Initialization initialization, long seed) {
  /**
   * Writes {@code model.safetensors} into {@code folder}, which is made when there is none.
   *
   * @param threads that draw a piece's values side by side; how many there are changes no bit
   * @param sign is given after each piece
   */
  public void write(Path folder, int threads, SignOfLife sign) throws IOException {
    ParameterLayout layout = new ParameterLayout(model);
    Files.createDirectories(folder);
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      PieceWriter.write(
          folder.resolve(ModelFiles.SINGLE),
          CheckpointFolder.shapes(layout, UnaryOperator.identity()),
          (tensor, piece, into) -> {
            initialization.fill(layout.entry(tensor), seed, piece, into, pool);
            sign.goesOn();
          });
    }
  }
}
