package dev.modelflow.pool;

import dev.modelflow.domain.WorkerDevice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GPU as {@code nvidia-smi} describes it.
 *
 * @param index its place in the order of {@code nvidia-smi}
 * @param uuid e.g. {@code GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7}
 * @param name e.g. {@code NVIDIA H100 80GB HBM3}
 * @param memory in bytes; null when the driver does not say
 * @param split whether it is used in parts only (MIG)
 * @param parts UUID and profile, e.g. {@code 1g.10gb}, of each part; may be none of a split GPU
 */
record Gpu(
    int index, String uuid, String name, @Nullable Long memory, boolean split, List<Part> parts) {
  Gpu {
    parts = List.copyOf(parts);
  }

  /** The same GPU with these parts. */
  Gpu withParts(List<Part> found) {
    return new Gpu(index, uuid, name, memory, split, found);
  }

  /** What trainers can be given of it. */
  List<WorkerDevice> devices() {
    if (!split) {
      return List.of(new WorkerDevice(uuid, name, memory));
    }
    return parts.stream()
        .map(part -> new WorkerDevice(part.uuid(), name + " MIG " + part.profile(), null))
        .toList();
  }

  /** A part of a split GPU. */
  record Part(String uuid, String profile) {}
}
