package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CudaBuildTest {
  @Test
  void trainersComputeOnGpusWhereTheClassPathHasLibtorchForThem() {
    boolean cuda = System.getProperty("java.class.path").contains("linux-x86_64-gpu.jar");
    assertThat(CudaBuild.isThis()).isEqualTo(cuda);
    assertThat(TrainerSetup.engine(1).gpus()).isEqualTo(cuda);
  }
}
