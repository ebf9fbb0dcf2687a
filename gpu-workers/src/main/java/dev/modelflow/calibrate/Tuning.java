package dev.modelflow.calibrate;

import dev.modelflow.engine.tensor.LibTorch;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How a trainer is started on this machine. Results differ in their last digits between libraries
 * and kernels.
 *
 * @param blas the library for float32
 * @param kernels of OpenBLAS, as {@code OPENBLAS_CORETYPE} names them; empty: those that the
 *     library picks
 * @param memory what becomes of freed memory
 */
public record Tuning(Blas blas, String kernels, Memory memory) {
  /** The library picks its kernels. */
  public static final String OWN = "";

  /** The environment variable that says which library multiplies. */
  public static final String BLAS_VARIABLE = LibTorch.BLAS_VARIABLE;

  private static final String KERNELS_VARIABLE = "OPENBLAS_CORETYPE";

  /** What one tuning says and another leaves out. GLIBC_TUNABLES stays: it says more than that. */
  private static final Set<String> SAID_BY_SOME =
      Set.of(
          KERNELS_VARIABLE, "MKL_NUM_THREADS", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_");

  private static final Pattern NAME = Pattern.compile("[A-Z0-9_]{0,32}");

  /** Checks the parts; throws {@link IllegalArgumentException} naming the offending value. */
  public Tuning {
    Objects.requireNonNull(blas, "a tuning names no blas");
    Objects.requireNonNull(kernels, "a tuning names no kernels");
    Objects.requireNonNull(memory, "a tuning names no memory");
    if (!NAME.matcher(kernels).matches()) {
      throw new IllegalArgumentException(
          "kernels is '%s': expected capital letters and digits, e.g. SKYLAKEX".formatted(kernels));
    }
    if (blas == Blas.MKL && !kernels.isEmpty()) {
      throw new IllegalArgumentException(
          "kernels is '%s', but MKL picks its own: expected none".formatted(kernels));
    }
  }

  /**
   * What holds where nobody has measured: OpenBLAS does not pick its AVX-512 kernels by itself on
   * AMD, and memory that is given back is faulted in anew at every step.
   */
  public static Tuning usual(Processor processor) {
    boolean told = processor.isAmd() && processor.flags().contains("avx512f");
    return new Tuning(Blas.OPENBLAS, told ? Kernels.SKYLAKEX : OWN, Memory.KEPT);
  }

  /**
   * Adds {@code own} to a new process's environment, without what a tuning decides by leaving it
   * out: what this process was started with must not decide.
   */
  public static void add(Map<String, String> own, Map<String, String> environment) {
    environment.keySet().removeAll(SAID_BY_SOME);
    environment.putAll(own);
  }

  /**
   * What must be in the environment of a process before it starts; see {@link #add}.
   *
   * @param threads that the engine uses; the library's own threads would fight them
   */
  public Map<String, String> environment(int threads) {
    Map<String, String> environment = new TreeMap<>(memory.environment());
    environment.put("OPENBLAS_NUM_THREADS", "1");
    // With workspaces of its own cuBLAS gives the same bits again; libtorch refuses to go without.
    environment.put("CUBLAS_WORKSPACE_CONFIG", ":4096:8");
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    if (!kernels.isEmpty()) {
      environment.put(KERNELS_VARIABLE, kernels);
    }
    // Also the usual one: what the worker was started with must not decide.
    environment.put(BLAS_VARIABLE, blas.word());
    if (blas == Blas.MKL) {
      environment.put("MKL_NUM_THREADS", "1");
    }
    return environment;
  }

  Tuning with(Memory other) {
    return new Tuning(blas, kernels, other);
  }

  /** For people, e.g. {@code OpenBLAS SKYLAKEX, keeps freed memory}. */
  public String title() {
    String named = kernels.isEmpty() ? blas.title() : blas.title() + " " + kernels;
    return named + ", " + memory.title();
  }
}
