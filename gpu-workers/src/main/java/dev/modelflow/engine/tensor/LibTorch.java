package dev.modelflow.engine.tensor;

import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch, configured for a process that frees every tensor itself. Call {@link #start}
 * before anything else touches libtorch.
 *
 * <p>Speed on a CPU hangs on the environment in which the process was started, since OpenBLAS and
 * glibc read it before any Java runs: {@code OPENBLAS_NUM_THREADS=1} (its threads would fight the
 * engine's own), {@code MODELFLOW_BLAS=mkl} (where the build holds MKL), {@code
 * MALLOC_MMAP_THRESHOLD_} and {@code MALLOC_TRIM_THRESHOLD_} of some hundred megabytes (or every
 * tensor is mapped and faulted in anew).
 */
public final class LibTorch {
  private static boolean started;

  private LibTorch() {}

  /**
   * Loads the native libraries once. One operation uses one thread: {@link Lanes} run side by side.
   */
  public static synchronized void start() {
    if (started) {
      return;
    }
    // Scopes free natives; collector threads that guess at memory pressure only cost time.
    setIfAbsent("org.bytedeco.javacpp.nopointergc", "true");
    setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
    setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    if ("mkl".equals(System.getenv("MODELFLOW_BLAS"))) {
      setIfAbsent("org.bytedeco.openblas.load", "mkl_rt");
      // In the usual one it would take OpenBLAS's place under the feet of other processes.
      setIfAbsent(
          "org.bytedeco.javacpp.cachedir",
          Path.of(System.getProperty("user.home"), ".javacpp", "cache-mkl").toString());
    }
    torch.set_num_threads(1);
    started = true;
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
