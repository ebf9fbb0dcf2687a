package dev.modelflow.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Environment variables on which libtorch's speed hangs; they must be set before the process
 * starts. OpenBLAS's own threads would fight libtorch's, on AMD it does not pick its AVX-512
 * kernels by itself, and large thresholds keep malloc from giving pages back after every step.
 */
final class LibtorchEnvironment {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final String ONE_GIGABYTE = Long.toString(1L << 30);

  private LibtorchEnvironment() {}

  static Map<String, String> of(int threads) {
    return of(threads, processor());
  }

  static Map<String, String> of(int threads, String processor) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("OPENBLAS_NUM_THREADS", "1");
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    environment.put("MALLOC_MMAP_THRESHOLD_", ONE_GIGABYTE);
    environment.put("MALLOC_TRIM_THRESHOLD_", ONE_GIGABYTE);
    // With workspaces of its own cuBLAS gives the same bits again; libtorch refuses to go without.
    environment.put("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    if (processor.contains("AuthenticAMD") && processor.contains("avx512f")) {
      environment.put("OPENBLAS_CORETYPE", "SKYLAKEX");
    }
    return environment;
  }

  private static String processor() {
    try {
      return Files.exists(PROCESSOR) ? Files.readString(PROCESSOR) : "";
    } catch (IOException unknown) {
      return "";
    }
  }
}
