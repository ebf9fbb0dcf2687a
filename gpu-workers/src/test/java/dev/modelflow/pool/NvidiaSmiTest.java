package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.WorkerDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaSmiTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "h100, 1",
    "a100-8, 8",
    "mig, 7",
    "mixed, 7",
    "old-mig, 2",
    "rtx-pro-6000, 2",
    "rtx-pro-6000-split, 1",
    "laptop, 1",
    "gb10, 1"
  })
  void everyMachineOffersItsGpusOrTheirParts(String machine, int devices) throws Exception {
    assertThat(devices(machine)).hasSize(devices).doesNotHaveDuplicates();
  }

  @Test
  void aGpuHasAUuidANameAndMemory() throws Exception {
    assertThat(devices("h100"))
        .containsExactly(
            new WorkerDevice(
                "GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7",
                "NVIDIA H100 80GB HBM3",
                81559L * 1024 * 1024));
  }

  @Test
  void aPartOfAGpuIsKnownByItsOwnUuid() throws Exception {
    assertThat(devices("mixed"))
        .startsWith(
            new WorkerDevice(
                "MIG-ce861fb0-a248-58ce-a9a8-f9adbc22a66a",
                "NVIDIA A100-SXM4-80GB MIG 1g.20gb",
                null))
        .extracting(WorkerDevice::id)
        .doesNotContain("GPU-513536b6-7d19-9063-b049-1e69664bb298")
        .contains("GPU-d8594bd4-0fc3-8595-e355-7c98138f3b95");
    assertThat(devices("old-mig"))
        .extracting(WorkerDevice::id)
        .contains("MIG-GPU-932bfb2c-849a-2a22-1e84-9eff6bc02b39/1/0");
  }

  @Test
  void memoryThatTheDriverDoesNotTellIsUnknown() throws Exception {
    assertThat(devices("gb10")).extracting(WorkerDevice::memory).containsOnlyNulls();
  }

  @Test
  void gpusHaveBf16FromAmpereOn() throws Exception {
    assertThat(RecordedMachine.smi("h100", folder).haveBf16()).isTrue();
    assertThat(RecordedMachine.smi("turing", folder).haveBf16()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo '8.0'; echo '7.5' | false",
        "echo '12.1' | true",
        "echo '[N/A]' | true",
        "echo 'Field \"compute_cap\" is not a valid field to query.'; exit 2 | true"
      })
  void aMachineHasBf16WhereNoneOfItsGpusSaysOtherwise(String says, boolean bf16) throws Exception {
    assertThat(RecordedMachine.script(folder, says).haveBf16()).isEqualTo(bf16);
  }

  @Test
  void aDriverThatFailsDoesNotSayThatItsGpusHaveBf16() {
    assertThatThrownBy(() -> RecordedMachine.script(folder, "echo broken; exit 9").haveBf16())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("ended with status 9 and said: broken");
  }

  @Test
  void aMachineWithoutGpusHasNone() throws Exception {
    assertThat(devices("none")).isEmpty();
    assertThat(new NvidiaSmi(folder.resolve("nowhere").toString(), Duration.ofSeconds(1)).gpus())
        .isEmpty();
  }

  @Test
  void aProgramThatCannotBeStartedIsNotTakenForNone() throws Exception {
    Path file = Files.writeString(folder.resolve("nvidia-smi"), "not for execution");
    assertThatThrownBy(() -> new NvidiaSmi(file.toString(), Duration.ofSeconds(1)).gpus())
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("cannot be started")
        .hasMessageContaining("Permission denied");
  }

  @ParameterizedTest
  @CsvSource({
    "mismatch, 18, Failed to initialize NVML: Driver/library version mismatch",
    "no-driver, 9, NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
    "lost, 255, Unable to determine the device handle for GPU0000:0B:00.0: Unknown Error"
  })
  void aBrokenDriverIsSaidInItsOwnWords(String machine, int status, String words) {
    assertThatThrownBy(() -> devices(machine))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "nvidia-smi ended with status %d and said: %s".formatted(status, words));
  }

  @Test
  void aHungDriverIsNotWaitedForForEver() {
    NvidiaSmi hung =
        new NvidiaSmi(
            RecordedMachine.script(folder, "exec sleep 600\n").command(), Duration.ofMillis(200));
    assertThatThrownBy(hung::gpus)
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("gave no answer");
  }

  private List<WorkerDevice> devices(String machine) throws InterruptedException {
    return RecordedMachine.smi(machine, folder).gpus().stream()
        .flatMap(gpu -> gpu.devices().stream())
        .toList();
  }
}
