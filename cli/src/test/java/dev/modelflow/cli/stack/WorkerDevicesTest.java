package dev.modelflow.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerDevicesTest {
  private static final Map<String, String> NAMED =
      Map.of("MODELFLOW_WORKER_DEVICES", "GPU-5a8c8b21");

  @Test
  void aBuildWithCudaFindsItsGpusAndOneWithoutKeepsToTheProcessor() {
    assertThat(WorkerDevices.of("gpu", true, Map.of())).isEqualTo("auto");
    assertThat(WorkerDevices.of("gpu", false, Map.of())).isEqualTo("cpu");
  }

  @Test
  void devicesThatAreNamedAreThePoolGpus() {
    assertThat(WorkerDevices.of("gpu", true, NAMED)).isEqualTo("GPU-5a8c8b21");
    assertThat(WorkerDevices.of("gpu", false, NAMED)).isEqualTo("GPU-5a8c8b21");
    assertThat(WorkerDevices.of("cpu", true, NAMED)).isEqualTo("cpu");
  }
}
