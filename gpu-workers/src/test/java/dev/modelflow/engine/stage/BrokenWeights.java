package dev.modelflow.engine.stage;

import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.SafetensorsFile;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Breaks the weights and moments of checkpoints. */
final class BrokenWeights {
  static final String OPTIMIZER = "optimizer.safetensors";

  private BrokenWeights() {}

  /** Makes the fourth value of a tensor of this folder's model no number. */
  static void putNaN(Path folder, String tensor) throws IOException {
    put(folder.resolve("model.safetensors"), tensor, Float.NaN);
  }

  /** Makes this the fourth value of a tensor. */
  static void put(Path file, String tensor, float value) throws IOException {
    change(file, tensor, values -> values[3] = value);
  }

  /** Changes a tensor's values. */
  static void change(Path file, String tensor, Consumer<float[]> change) throws IOException {
    Map<String, float[]> values = TensorFiles.read(file);
    change.accept(Objects.requireNonNull(values.get(tensor), tensor));
    write(file, shapes(file), values);
  }

  /** Gives a tensor's values another name or shape. */
  static void reshape(Path file, String tensor, UnaryOperator<Shape> change) throws IOException {
    Map<String, float[]> values = TensorFiles.read(file);
    List<Shape> shapes = new ArrayList<>();
    for (Shape shape : shapes(file)) {
      Shape changed = shape.name().equals(tensor) ? change.apply(shape) : shape;
      values.put(changed.name(), values.getOrDefault(shape.name(), new float[0]));
      shapes.add(changed);
    }
    write(file, shapes, values);
  }

  /** Leaves a tensor out. */
  static void remove(Path file, String tensor) throws IOException {
    List<Shape> shapes = new ArrayList<>(shapes(file));
    shapes.removeIf(shape -> shape.name().equals(tensor));
    write(file, shapes, TensorFiles.read(file));
  }

  private static List<Shape> shapes(Path file) throws IOException {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return open.shapes();
    }
  }

  private static void write(Path file, List<Shape> shapes, Map<String, float[]> values)
      throws IOException {
    Map<Shape, float[]> shaped = new LinkedHashMap<>();
    shapes.forEach(shape -> shaped.put(shape, values.getOrDefault(shape.name(), new float[0])));
    Safetensors.write(file, shaped);
  }
}
