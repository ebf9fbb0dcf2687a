package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {
  @Test
  void onlyAnAmdProcessorWithAvx512IsUsuallyToldItsKernels() {
    assertThat(Tuning.usual(Samples.AMD).environment(2))
        .containsEntry("OPENBLAS_CORETYPE", "SKYLAKEX");
    assertThat(Tuning.usual(Samples.INTEL).environment(2)).doesNotContainKey("OPENBLAS_CORETYPE");
    assertThat(Tuning.usual(Processor.parse("vendor_id: AuthenticAMD\nflags: avx2")).kernels())
        .isEmpty();
    assertThat(Tuning.usual(Processor.parse("")).kernels()).isEmpty();
  }

  @Test
  void theLibraryLeavesTheThreadsToTheEngine() {
    assertThat(Tuning.usual(Samples.OLD).environment(6))
        .containsEntry("OPENBLAS_NUM_THREADS", "1")
        .containsEntry("OMP_NUM_THREADS", "6")
        .containsEntry("MALLOC_TRIM_THRESHOLD_", "1073741824")
        .containsEntry("MODELFLOW_BLAS", "openblas");
    assertThat(new Tuning(Blas.MKL, Tuning.OWN, Memory.RETURNED).environment(6))
        .containsEntry("MKL_NUM_THREADS", "1")
        .containsEntry("MODELFLOW_BLAS", "mkl")
        .doesNotContainKey("MALLOC_TRIM_THRESHOLD_");
    assertThat(new Tuning(Blas.ONEDNN, "SKYLAKEX", Memory.KEPT).environment(6))
        .containsEntry("MODELFLOW_BLAS", "onednn")
        .containsEntry("OPENBLAS_CORETYPE", "SKYLAKEX")
        .doesNotContainKey("MKL_NUM_THREADS");
  }

  @Test
  void whatTuningsLeaveOutIsForgotten() {
    Map<String, String> inherited =
        new HashMap<>(
            Map.of(
                "OPENBLAS_CORETYPE", "Haswell",
                "MKL_NUM_THREADS", "8",
                "MALLOC_TRIM_THRESHOLD_", "0",
                "MALLOC_MMAP_THRESHOLD_", "0",
                "PATH", "/usr/bin"));
    Tuning.add(Map.of("MKL_NUM_THREADS", "1"), inherited);
    assertThat(inherited).isEqualTo(Map.of("PATH", "/usr/bin", "MKL_NUM_THREADS", "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"skylakex", "SKYLAKEX LD_PRELOAD", "A=B", "Ä"})
  void kernelsAreNamedByCapitalLetters(String kernels) {
    assertThatThrownBy(() -> Samples.openBlas(kernels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("kernels is '" + kernels + "'");
  }

  @Test
  void mklPicksItsKernels() {
    assertThatThrownBy(() -> new Tuning(Blas.MKL, "HASWELL", Memory.KEPT))
        .hasMessage("kernels is 'HASWELL', but MKL picks its own: expected none");
  }
}
