package dev.modelflow.domain;

import org.jspecify.annotations.Nullable;

/**
 * Something that one attempt of a worker runs on at a time.
 *
 * @param id {@code cpu}, or the UUID of a GPU or of a part of one
 * @param name for people, e.g. {@code NVIDIA H100 80GB HBM3}
 * @param memory of its own, in bytes; null when it has none or does not say
 */
public record WorkerDevice(String id, String name, @Nullable Long memory) {
  /** The processor. */
  public static WorkerDevice cpu() {
    return new WorkerDevice("cpu", "cpu", null);
  }
}
