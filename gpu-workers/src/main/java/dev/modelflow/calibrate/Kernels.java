package dev.modelflow.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Kernels of OpenBLAS. One that the processor lacks instructions for kills the process. */
final class Kernels {
  static final String SKYLAKEX = "SKYLAKEX";

  private static final Set<String> AVX2 = Set.of("avx2", "fma");
  private static final Set<String> AVX512 =
      Set.of("avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  private Kernels() {}

  /** Those that {@code processor} can run, by the names that {@code OPENBLAS_CORETYPE} knows. */
  static List<String> of(Processor processor) {
    List<String> names = new ArrayList<>();
    if (processor.flags().containsAll(AVX2)) {
      names.add("HASWELL");
      if (processor.isAmd()) {
        names.add("ZEN");
      }
    }
    if (processor.flags().containsAll(AVX512)) {
      names.add(SKYLAKEX);
      if (processor.flags().contains("avx512_bf16")) {
        names.add("COOPERLAKE");
      }
      if (processor.flags().containsAll(Set.of("avx512_bf16", "amx_bf16", "amx_tile"))) {
        names.add("SAPPHIRERAPIDS");
      }
    }
    return List.copyOf(names);
  }
}
