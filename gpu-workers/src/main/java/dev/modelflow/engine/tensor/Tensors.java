package dev.modelflow.engine.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Copies between Java arrays and tensors on the CPU. Every tensor made here belongs to the calling
 * thread's innermost {@code PointerScope}.
 */
public final class Tensors {
  private Tensors() {}

  /** An int64 tensor with these values in row-major order. */
  public static Tensor longs(long[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Long, shape);
    if (values.length > 0) {
      LongPointer pointer = tensor.data_ptr_long();
      pointer.capacity(values.length).put(values, 0, values.length);
    }
    return tensor;
  }

  /** An int64 tensor with these values in row-major order. */
  public static Tensor longs(int[] values, long... shape) {
    long[] wide = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return longs(wide, shape);
  }

  /** A float32 tensor with these values in row-major order. */
  public static Tensor floats(float[] values, long... shape) {
    Tensor tensor = empty(ScalarType.Float, shape);
    if (values.length > 0) {
      FloatPointer pointer = tensor.data_ptr_float();
      pointer.capacity(values.length).put(values, 0, values.length);
    }
    return tensor;
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return torch.zeros(shape);
  }

  /** An uninitialised tensor. */
  public static Tensor empty(ScalarType type, long... shape) {
    return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
  }

  /** The float32 tensor's values in row-major order. */
  public static float[] toFloats(Tensor tensor) {
    Tensor contiguous = tensor.contiguous();
    float[] values = new float[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      FloatPointer pointer = contiguous.data_ptr_float();
      pointer.capacity(values.length).get(values);
    }
    return values;
  }

  /** The int64 tensor's values in row-major order. */
  public static long[] toLongs(Tensor tensor) {
    Tensor contiguous = tensor.contiguous();
    long[] values = new long[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      LongPointer pointer = contiguous.data_ptr_long();
      pointer.capacity(values.length).get(values);
    }
    return values;
  }

  /** Lets {@code tensor} outlive the scope it was made in; its new owner must close it. */
  public static Tensor keep(Tensor tensor) {
    return tensor.retainReference();
  }

  /** A tensor that was {@link #keep kept}, handed to the calling thread's innermost scope. */
  public static Tensor intoScope(Tensor kept) {
    Tensor tensor = new Tensor(kept);
    kept.close();
    return tensor;
  }
}
