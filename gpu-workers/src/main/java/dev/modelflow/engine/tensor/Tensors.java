package dev.modelflow.engine.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Makes tensors on the process's {@link Device} and copies between them and Java arrays. Every
 * tensor made here belongs to the calling thread's innermost {@code PointerScope}.
 */
public final class Tensors {
  /** Bytes of a buffer of Java's, whose sizes are ints. */
  private static final long MOST_OF_A_BUFFER = 1L << 30;

  private Tensors() {}

  /** An int64 tensor with these values in row-major order. */
  public static Tensor longs(long[] values, long... shape) {
    Tensor tensor = onHost(ScalarType.Long, shape);
    if (values.length > 0) {
      LongPointer pointer = tensor.data_ptr_long();
      pointer.capacity(values.length).put(values, 0, values.length);
    }
    return onDevice(tensor);
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
    return onDevice(hostFloats(values, 0, values.length, shape));
  }

  /** A float64 vector of these values. */
  public static Tensor doubles(double... values) {
    Tensor tensor = onHost(ScalarType.Double, values.length);
    if (values.length > 0) {
      new DoublePointer(tensor.data_ptr()).capacity(values.length).put(values, 0, values.length);
    }
    return onDevice(tensor);
  }

  /** A uint8 vector of these bytes. */
  public static Tensor bytes(byte[] values) {
    Tensor tensor = onHost(ScalarType.Byte, values.length);
    if (values.length > 0) {
      new BytePointer(tensor.data_ptr()).capacity(values.length).put(values, 0, values.length);
    }
    return onDevice(tensor);
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return LibTorch.device() == Device.CPU
        ? torch.zeros(shape)
        : torch.zeros(shape, options(ScalarType.Float));
  }

  /** A float32 vector of zeros in the processor's memory, whatever the device. */
  public static Tensor hostZeros(long size) {
    return torch.zeros(size);
  }

  /** An uninitialised tensor. */
  public static Tensor empty(ScalarType type, long... shape) {
    return LibTorch.device() == Device.CPU
        ? onHost(type, shape)
        : torch.empty(shape, options(type), new MemoryFormatOptional());
  }

  /**
   * Where others may write what is then to be copied into {@code place}: that itself if it lies on
   * the process's device, else an uninitialised tensor there.
   */
  public static Tensor landing(Tensor place) {
    return LibTorch.device() == Device.CPU || !place.is_cpu()
        ? place
        : empty(place.scalar_type(), place.numel());
  }

  /** Overwrites a contiguous float32 tensor with the values from {@code start} on. */
  public static void put(float[] values, int start, Tensor into) {
    int count = Math.toIntExact(into.numel());
    if (count == 0) {
      return;
    }
    if (into.is_cpu()) {
      into.data_ptr_float().capacity(count).put(values, start, count);
    } else {
      into.copy_(hostFloats(values, start, count, count));
    }
  }

  /** The float32 tensor's values in row-major order. */
  public static float[] toFloats(Tensor tensor) {
    Tensor contiguous = onHost(tensor);
    float[] values = new float[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      FloatPointer pointer = contiguous.data_ptr_float();
      pointer.capacity(values.length).get(values);
    }
    return values;
  }

  /** The int64 tensor's values in row-major order. */
  public static long[] toLongs(Tensor tensor) {
    Tensor contiguous = onHost(tensor);
    long[] values = new long[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      LongPointer pointer = contiguous.data_ptr_long();
      pointer.capacity(values.length).get(values);
    }
    return values;
  }

  /** The float64 tensor's values in row-major order. */
  public static double[] toDoubles(Tensor tensor) {
    Tensor contiguous = onHost(tensor);
    double[] values = new double[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      new DoublePointer(contiguous.data_ptr()).capacity(values.length).get(values);
    }
    return values;
  }

  /**
   * The bytes of a contiguous tensor in the processor's memory where they lie, in as many buffers
   * as they need, to be read only. They are there as long as that memory.
   */
  public static List<ByteBuffer> memory(Tensor values) {
    return memory(values, MOST_OF_A_BUFFER);
  }

  /** The same in buffers of {@code most} bytes, and what remains. */
  static List<ByteBuffer> memory(Tensor values, long most) {
    if (!values.is_cpu() || !values.is_contiguous()) {
      throw new IllegalArgumentException(
          "A tensor that is on a GPU, or lies in pieces, has no bytes to be read in place");
    }
    BytePointer bytes = new BytePointer(values.data_ptr());
    long size = values.numel() * values.element_size();
    List<ByteBuffer> pieces = new ArrayList<>();
    for (long from = 0; from < size; from += most) {
      long to = Math.min(from + most, size);
      pieces.add(bytes.position(from).limit(to).asByteBuffer().asReadOnlyBuffer());
    }
    return pieces;
  }

  /** The uint8 tensor's bytes in row-major order. */
  public static byte[] toBytes(Tensor tensor) {
    Tensor contiguous = onHost(tensor);
    byte[] values = new byte[Math.toIntExact(contiguous.numel())];
    if (values.length > 0) {
      new BytePointer(contiguous.data_ptr()).capacity(values.length).get(values);
    }
    return values;
  }

  /** The running sums of each row of a matrix. */
  public static Tensor runningSums(Tensor rows) {
    return LibTorch.unguarded(() -> rows.cumsum(1));
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

  private static Tensor hostFloats(float[] values, int start, int count, long... shape) {
    Tensor tensor = onHost(ScalarType.Float, shape);
    if (count > 0) {
      FloatPointer pointer = tensor.data_ptr_float();
      pointer.capacity(count).put(values, start, count);
    }
    return tensor;
  }

  private static Tensor onHost(ScalarType type, long... shape) {
    return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
  }

  private static Tensor onHost(Tensor tensor) {
    Tensor contiguous = tensor.contiguous();
    return contiguous.is_cpu() ? contiguous : contiguous.cpu();
  }

  private static Tensor onDevice(Tensor tensor) {
    return LibTorch.device() == Device.CPU ? tensor : tensor.cuda();
  }

  private static TensorOptions options(ScalarType type) {
    org.bytedeco.pytorch.Device gpu = new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) 0);
    return new TensorOptions(type).device(new DeviceOptional(gpu));
  }
}
