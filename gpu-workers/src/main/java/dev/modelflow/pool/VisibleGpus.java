package dev.modelflow.pool;

import dev.modelflow.domain.WorkerDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those GPUs, and parts of some, that the environment shows to this process.
 *
 * <p>{@code CUDA_VISIBLE_DEVICES} means what it means to CUDA: numbers, or UUIDs and their
 * beginnings, up to the first that names nothing. {@code NVIDIA_VISIBLE_DEVICES} is what a
 * container was started with; its numbers count the host's GPUs, which {@code nvidia-smi} numbers
 * anew inside the container, so only its UUIDs and {@code none} are heeded.
 */
final class VisibleGpus {
  private static final String CUDA = "CUDA_VISIBLE_DEVICES";
  private static final String CONTAINER = "NVIDIA_VISIBLE_DEVICES";

  private VisibleGpus() {}

  /** The devices that {@code environment} leaves of those of {@code gpus}. */
  static List<WorkerDevice> of(List<Gpu> gpus, Map<String, String> environment) {
    List<Gpu> allowed = ofContainer(gpus, environment.getOrDefault(CONTAINER, "all"));
    List<WorkerDevice> devices = allowed.stream().flatMap(it -> it.devices().stream()).toList();
    @Nullable String cuda = environment.get(CUDA);
    return cuda == null ? devices : ofCuda(devices, cuda);
  }

  private static List<Gpu> ofContainer(List<Gpu> gpus, String value) {
    if (value.equals("none") || value.equals("void")) {
      return List.of();
    }
    List<String> names = split(value);
    if (!names.stream().allMatch(name -> name.startsWith("GPU-") || name.startsWith("MIG-"))) {
      return gpus;
    }
    return gpus.stream().flatMap(gpu -> named(gpu, names)).toList();
  }

  private static Stream<Gpu> named(Gpu gpu, List<String> names) {
    if (names.isEmpty() || names.contains(gpu.uuid())) {
      return Stream.of(gpu);
    }
    List<Gpu.Part> parts =
        gpu.parts().stream().filter(part -> names.contains(part.uuid())).toList();
    return parts.isEmpty() ? Stream.empty() : Stream.of(gpu.withParts(parts));
  }

  private static List<WorkerDevice> ofCuda(List<WorkerDevice> devices, String value) {
    List<WorkerDevice> visible = new ArrayList<>();
    for (String name : value.split(",", -1)) {
      Optional<WorkerDevice> device = find(devices, name.strip());
      if (device.isEmpty()) {
        break;
      }
      if (!visible.contains(device.get())) {
        visible.add(device.get());
      }
    }
    return List.copyOf(visible);
  }

  /** The device of this number, or the only one whose UUID begins so. */
  static Optional<WorkerDevice> find(List<WorkerDevice> devices, String name) {
    if (name.matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(name);
      return number < devices.size() ? Optional.of(devices.get(number)) : Optional.empty();
    }
    List<WorkerDevice> found =
        devices.stream().filter(device -> !name.isEmpty() && device.id().startsWith(name)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static List<String> split(String value) {
    return Stream.of(value.split(",", -1)).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }
}
