package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.Safetensors;
import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import dev.modelflow.engine.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Breaks the weights of checkpoints. */
final class BrokenWeights {
  private BrokenWeights() {}

  /** Makes the fourth value of a tensor of this folder's model no number. */
  static void putNaN(Path folder, String tensor) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Map<String, float[]> values = Safetensors.readAll(file);
    List<Shape> shapes;
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      shapes = open.shapes();
    }
    values.getOrDefault(tensor, new float[4])[3] = Float.NaN;
    Safetensors.write(file, shapes, shape -> values.getOrDefault(shape.name(), new float[0]));
  }
}
