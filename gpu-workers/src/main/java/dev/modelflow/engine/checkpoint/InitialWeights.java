package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Writes the weights that a model begins with, one tensor in memory at a time. */
public final class InitialWeights {
  private InitialWeights() {}

  /** Writes {@code model.safetensors} into {@code folder}, which is made when there is none. */
  public static void write(Path folder, ModelConfig model, Initialization initialization, long seed)
      throws IOException {
    ParameterLayout layout = new ParameterLayout(model);
    Files.createDirectories(folder);
    Safetensors.write(
        folder.resolve(WeightFiles.SINGLE),
        layout.entries().stream()
            .sorted(Comparator.comparing(Entry::name))
            .map(entry -> new Shape(entry.name(), entry.shape()))
            .toList(),
        shape -> initialization.values(layout.entry(shape.name()), seed));
  }
}
