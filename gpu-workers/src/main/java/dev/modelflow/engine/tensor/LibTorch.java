package dev.modelflow.engine.tensor;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch, configured for a process that frees every tensor itself, on the one device that
 * the process computes on. Call {@link #start} before anything else touches libtorch.
 *
 * <p>Speed on a CPU hangs on the environment in which the process was started: {@code
 * OPENBLAS_NUM_THREADS=1} (its threads would fight the engine's own), {@code
 * MALLOC_MMAP_THRESHOLD_} and {@code MALLOC_TRIM_THRESHOLD_} of some hundred megabytes (or every
 * tensor is mapped and faulted in anew), which OpenBLAS and glibc read before any Java runs; and
 * {@code MODELFLOW_BLAS=onednn}, or {@code mkl} (where the build holds MKL), which is read here.
 */
public final class LibTorch {
  /** The environment variable that says which library multiplies in float32, e.g. {@code mkl}. */
  public static final String BLAS_VARIABLE = "MODELFLOW_BLAS";

  /** Its value for oneDNN. */
  public static final String ONEDNN = "onednn";

  /** Its value for MKL. */
  public static final String MKL = "mkl";

  private static volatile Device device = Device.CPU;
  private static boolean started;

  private LibTorch() {}

  /**
   * Loads the native libraries once, for the processor unless they were started for another device
   * before. One operation uses one thread: {@link Lanes} run side by side.
   */
  public static synchronized void start() {
    if (!started) {
      load();
      started = true;
    }
  }

  /**
   * Loads the native libraries for this device, which the process then keeps.
   *
   * @throws NoDeviceException when this build or this machine does not have the device, or the
   *     process computes on another one
   */
  public static synchronized void start(Device wanted) {
    if (started && wanted != device) {
      throw new NoDeviceException(
          "libtorch was started on %s and cannot change to %s in the same process"
              .formatted(device, wanted));
    }
    start();
    if (wanted == Device.CUDA) {
      requireCuda();
      makeRepeatable(torch.globalContext());
    }
    device = wanted;
  }

  /** Whether this process was told to have oneDNN multiply in float32, where that is possible. */
  public static boolean prefersOneDnn() {
    return ONEDNN.equals(System.getenv(BLAS_VARIABLE));
  }

  /** What tensors are made on in this process. */
  public static Device device() {
    return device;
  }

  /** Waits until the device has done what it was given, which on the processor it always has. */
  public static void await() {
    if (device == Device.CUDA) {
      torch.cuda_synchronize();
    }
  }

  private static void load() {
    // Scopes free natives; collector threads that guess at memory pressure only cost time.
    setIfAbsent("org.bytedeco.javacpp.nopointergc", "true");
    setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
    setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    if (MKL.equals(System.getenv(BLAS_VARIABLE))) {
      setIfAbsent("org.bytedeco.openblas.load", "mkl_rt");
      // In the usual one it would take OpenBLAS's place under the feet of other processes.
      setIfAbsent(
          "org.bytedeco.javacpp.cachedir",
          Path.of(System.getProperty("user.home"), ".javacpp", "cache-mkl").toString());
    }
    torch.set_num_threads(1);
  }

  private static void requireCuda() {
    if (!Context.hasCUDART()) {
      throw new NoDeviceException(
          "This libtorch has no CUDA: build with -Pcuda, and have the libraries of CUDA 13 and cuDNN 9 where the loader finds them (docs/gpu.md)");
    }
    if (!torch.cuda_is_available()) {
      throw new NoDeviceException(
          "CUDA finds no GPU here: see what 'nvidia-smi' says, and what CUDA_VISIBLE_DEVICES shows");
    }
  }

  /** Has libtorch do what it refuses on a GPU, as it has no algorithm that surely repeats. */
  static Tensor unguarded(Supplier<Tensor> work) {
    if (device == Device.CPU) {
      return work.get();
    }
    Context context = torch.globalContext();
    context.setDeterministicAlgorithms(false, false);
    try {
      return work.get();
    } finally {
      context.setDeterministicAlgorithms(true, false);
    }
  }

  /** The same work gives the same bits on the same GPU, at some cost in speed. */
  private static void makeRepeatable(Context context) {
    context.setDeterministicAlgorithms(true, false);
    // Nothing reads what was never written, so nobody has to write it.
    context.setDeterministicFillUninitializedMemory(false);
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
