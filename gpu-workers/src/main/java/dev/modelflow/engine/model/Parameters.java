package dev.modelflow.engine.model;

import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A float32 value for each of a model's parameters in one flat buffer: the weights themselves, or
 * gradients or moments beside them. Close it to free the buffer.
 */
public final class Parameters implements AutoCloseable {
  private final ParameterLayout layout;
  private final Tensor flat;

  /** Zeros everywhere. */
  public Parameters(ParameterLayout layout) {
    this.layout = layout;
    try (PointerScope _ = new PointerScope()) {
      flat = Tensors.keep(Tensors.zeros(layout.size()));
    }
  }

  /** Weights at their start. */
  public static Parameters initialized(
      ParameterLayout layout, Initialization initialization, long seed) {
    Parameters parameters = new Parameters(layout);
    for (Entry entry : layout.entries()) {
      parameters.write(entry, initialization.values(entry, seed));
    }
    return parameters;
  }

  /** Where each weight lies. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The whole buffer; do not close it. */
  public Tensor flat() {
    return flat;
  }

  /**
   * A view of {@code rows * columns} values from where {@code first} starts, in the caller's scope.
   */
  public Tensor view(String first, long... shape) {
    long size = 1;
    for (long extent : shape) {
      size *= extent;
    }
    return flat.narrow(0, layout.entry(first).offset(), size).view(shape);
  }

  /** The values of one weight in row-major order. */
  public float[] read(Entry entry) {
    float[] values = new float[Math.toIntExact(entry.size())];
    try (PointerScope _ = new PointerScope()) {
      FloatPointer pointer = flat.data_ptr_float();
      pointer.position(entry.offset()).get(values);
    }
    return values;
  }

  /** Sets the values of one weight, in row-major order. */
  public void write(Entry entry, float[] values) {
    if (values.length != entry.size()) {
      throw new IllegalArgumentException(
          "Weight '" + entry.name() + "' has " + entry.size() + " values, not " + values.length);
    }
    try (PointerScope _ = new PointerScope()) {
      FloatPointer pointer = flat.data_ptr_float();
      pointer.position(entry.offset()).put(values, 0, values.length);
    }
  }

  @Override
  public void close() {
    flat.close();
  }
}
