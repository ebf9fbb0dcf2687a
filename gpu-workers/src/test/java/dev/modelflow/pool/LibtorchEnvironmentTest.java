package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibtorchEnvironmentTest {
  @Test
  void onlyAnAmdProcessorWithAvx512IsToldItsKernels() {
    assertThat(LibtorchEnvironment.of(2, "vendor_id: AuthenticAMD flags: avx2 avx512f"))
        .containsEntry("OPENBLAS_CORETYPE", "SKYLAKEX");
    assertThat(LibtorchEnvironment.of(2, "vendor_id: AuthenticAMD flags: avx2"))
        .doesNotContainKey("OPENBLAS_CORETYPE");
    assertThat(LibtorchEnvironment.of(2, "vendor_id: GenuineIntel flags: avx2 avx512f"))
        .doesNotContainKey("OPENBLAS_CORETYPE");
  }

  @Test
  void openBlasLeavesTheThreadsToLibtorch() {
    assertThat(LibtorchEnvironment.of(6, ""))
        .containsEntry("OPENBLAS_NUM_THREADS", "1")
        .containsEntry("OMP_NUM_THREADS", "6");
  }
}
