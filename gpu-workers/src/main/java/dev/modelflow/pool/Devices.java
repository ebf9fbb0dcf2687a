package dev.modelflow.pool;

import dev.modelflow.domain.WorkerDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the devices of a GPU pool's worker, and keeps them for it as long as its process lives. */
public final class Devices {
  private static final String CPU = "cpu";

  private final NvidiaSmi smi;
  private final Map<String, String> environment;
  private final DeviceLocks locks;
  private final boolean gpusWork;

  Devices(NvidiaSmi smi, Map<String, String> environment, DeviceLocks locks, boolean gpusWork) {
    this.smi = smi;
    this.environment = Map.copyOf(environment);
    this.locks = locks;
    this.gpusWork = gpusWork;
  }

  /**
   * Finds devices of this machine for trainers of {@code setup}.
   *
   * @param environment of this process, which may hide GPUs from it
   * @param locks that keep other workers of the machine from a GPU
   */
  public static Devices ofMachine(
      Map<String, String> environment, DeviceLocks locks, TrainerSetup setup) {
    return new Devices(NvidiaSmi.installed(), environment, locks, setup.gpus());
  }

  /**
   * Every GPU that is visible and no other worker of the machine has, or the processor where there
   * is none. Throws {@link DeviceException} when there are some that cannot be used: a worker on a
   * machine with GPUs does not train on the processor by mistake.
   */
  public List<WorkerDevice> all() throws InterruptedException {
    List<WorkerDevice> visible = VisibleGpus.of(smi.gpus(), environment);
    if (visible.isEmpty()) {
      return List.of(WorkerDevice.cpu());
    }
    mustWork(visible);
    List<WorkerDevice> free = visible.stream().filter(gpu -> locks.take(gpu.id())).toList();
    if (free.isEmpty()) {
      throw new DeviceException(
          "other workers of this machine have all that it shows: " + names(visible));
    }
    return free;
  }

  /**
   * The devices of these names: {@code cpu}, as often as attempts may run on it at once, or a
   * visible GPU's UUID, or its beginning. Throws {@link DeviceException} for one that is not there
   * or that another worker has.
   */
  public List<WorkerDevice> named(List<String> names) throws InterruptedException {
    List<WorkerDevice> visible =
        names.stream().allMatch(CPU::equals) ? List.of() : VisibleGpus.of(smi.gpus(), environment);
    List<WorkerDevice> devices = new ArrayList<>();
    for (String name : names) {
      devices.add(name.equals(CPU) ? WorkerDevice.cpu() : take(name, visible));
    }
    return List.copyOf(devices);
  }

  /**
   * These devices as trainers are given them, each with so many threads of the processor. Throws
   * {@link DeviceException} when GPUs among them do not answer.
   */
  public List<Device> forTrainers(List<WorkerDevice> taken, int threads)
      throws InterruptedException {
    boolean gpus = !taken.stream().allMatch(Devices::isCpu);
    boolean haveBf16 = gpus && smi.haveBf16();
    return taken.stream()
        .map(
            hardware ->
                isCpu(hardware) ? Device.cpu(threads) : Device.of(hardware, threads, haveBf16))
        .toList();
  }

  private static boolean isCpu(WorkerDevice hardware) {
    return hardware.id().equals(CPU);
  }

  private WorkerDevice take(String name, List<WorkerDevice> visible) {
    Optional<WorkerDevice> found =
        name.matches("[0-9]+") ? Optional.empty() : VisibleGpus.find(visible, name);
    WorkerDevice gpu =
        found.orElseThrow(
            () ->
                new DeviceException(
                    "this machine shows no device '%s' to this process; it shows: %s"
                        .formatted(name, visible.isEmpty() ? CPU : names(visible))));
    mustWork(List.of(gpu));
    if (!locks.take(gpu.id())) {
      throw new DeviceException("another worker of this machine has " + names(List.of(gpu)));
    }
    return gpu;
  }

  private void mustWork(List<WorkerDevice> gpus) {
    if (!gpusWork) {
      throw new DeviceException(
          "the trainer of this build computes on the processor only, and not on " + names(gpus));
    }
  }

  private static String names(List<WorkerDevice> gpus) {
    return gpus.stream()
        .map(gpu -> "%s (%s)".formatted(gpu.id(), gpu.name()))
        .collect(Collectors.joining(", "));
  }
}
