package dev.modelflow.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tensors that arrays hold, as a safetensors file. */
public final class Safetensors {
  /** A tensor's name and shape. */
  public record Shape(String name, List<Long> extents) {
    /** Number of values. */
    public long size() {
      return extents.stream().reduce(1L, Math::multiplyExact);
    }

    @Override
    public String toString() {
      return "'" + name + "' " + extents;
    }
  }

  private Safetensors() {}

  /** Writes the tensors in the map's order as {@code file}, in float32. */
  public static void write(Path file, Map<Shape, float[]> tensors) throws IOException {
    List<Shape> shapes = List.copyOf(tensors.keySet());
    try (SafetensorsWriter writer = SafetensorsWriter.begin(file, shapes, ElementType.F32)) {
      for (float[] values : tensors.values()) {
        writer.write(values, values.length);
      }
    }
  }
}
