package dev.modelflow.weights;

import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All tensors of small files by their names, in the files' order. */
public final class TensorFiles {
  private TensorFiles() {}

  /** Those of one file; see {@link SafetensorsFile#open}. */
  public static Map<String, float[]> read(Path file) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Map<String, float[]> values = new LinkedHashMap<>();
      for (Shape shape : tensors.shapes()) {
        float[] array = new float[Math.toIntExact(shape.size())];
        tensors.read(shape.name(), 0, array.length, array);
        values.put(shape.name(), array);
      }
      return values;
    }
  }

  /** Those of a model's weights, in however many files of a folder; see {@link ModelFiles}. */
  public static Map<String, float[]> readAll(Path folder) throws IOException {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (String file : ModelFiles.weights(folder)) {
      values.putAll(read(folder.resolve(file)));
    }
    return values;
  }
}
