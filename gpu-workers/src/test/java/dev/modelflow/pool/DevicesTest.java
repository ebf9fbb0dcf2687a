package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.WorkerDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {
  private static final String FIRST = "GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7";

  @TempDir private Path folder;

  @Test
  void aMachineWithoutGpusOffersItsProcessor() throws Exception {
    assertThat(on("none", true).all()).containsExactly(WorkerDevice.cpu());
    assertThat(on("none", false).all()).containsExactly(WorkerDevice.cpu());
  }

  @Test
  void twoWorkersOfAMachineNeverHaveOneGpu() throws Exception {
    assertThat(on("a100-8", true).named(List.of(uuid(3), uuid(5))))
        .extracting(WorkerDevice::id)
        .containsExactly(uuid(3), uuid(5));
    assertThatThrownBy(() -> on("a100-8", true).named(List.of(uuid(5))))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "another worker of this machine has %s (NVIDIA A100-SXM4-80GB)".formatted(uuid(5)));
    assertThat(on("a100-8", true).all())
        .extracting(WorkerDevice::id)
        .hasSize(6)
        .doesNotContain(uuid(3), uuid(5));
    assertThatThrownBy(() -> on("a100-8", true).all())
        .hasMessageStartingWith("other workers of this machine have all that it shows: GPU-");
  }

  @Test
  void aGpuThatIsNamedTwiceIsRefused() {
    assertThatThrownBy(() -> on("h100", true).named(List.of(FIRST, FIRST)))
        .isInstanceOf(DeviceException.class);
  }

  @Test
  void aTrainerForTheProcessorDoesNotHideAGpuByItself() {
    assertThatThrownBy(() -> on("h100", false).all())
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "the trainer of this build computes on the processor only, and not on %s (NVIDIA H100"
                    .formatted(FIRST)
                + " 80GB HBM3)");
  }

  @Test
  void theProcessorIsThereForTheAskingAsOftenAsItIsNamed() throws Exception {
    assertThat(on("mismatch", false).named(List.of("cpu", "cpu")))
        .containsExactly(WorkerDevice.cpu(), WorkerDevice.cpu());
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    assertThatThrownBy(() -> on("h100", true).named(List.of("GPU-42")))
        .hasMessage(
            "this machine shows no device 'GPU-42' to this process; it shows: %s (NVIDIA H100 80GB"
                    .formatted(FIRST)
                + " HBM3)");
  }

  @Test
  void aTrainerIsShownItsOwnDeviceOnly() {
    Device gpu = Device.of(new WorkerDevice(FIRST, "NVIDIA H100 80GB HBM3", null), 4, true);
    assertThat(gpu.environment()).isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", FIRST));
    assertThat(gpu).hasToString("cuda:0 (NVIDIA H100 80GB HBM3, " + FIRST + "), 4 threads");
    assertThat(Device.cpu(1).environment()).isEqualTo(Map.of("CUDA_VISIBLE_DEVICES", ""));
  }

  @Test
  void trainersAreToldWhetherTheirDeviceIsFasterInBf16() throws Exception {
    assertThat(trainers("h100", FIRST)).extracting(Device::fasterInBf16).containsExactly(true);
    assertThat(trainers("turing", "GPU-0d4b3f4e"))
        .extracting(Device::fasterInBf16)
        .containsExactly(false);
    assertThat(trainers("mismatch", "cpu")).containsExactly(Device.cpu(3));
  }

  private List<Device> trainers(String machine, String name) throws Exception {
    Devices devices = on(machine, true);
    return devices.forTrainers(devices.named(List.of(name)), 3);
  }

  private Devices on(String machine, boolean gpusWork) {
    return new Devices(
        RecordedMachine.smi(machine, folder),
        Map.of(),
        new DeviceLocks(folder.resolve("locks")),
        gpusWork);
  }

  private static String uuid(int index) {
    return GpuListing.parse(RecordedMachine.query("a100-8")).get(index).uuid();
  }
}
