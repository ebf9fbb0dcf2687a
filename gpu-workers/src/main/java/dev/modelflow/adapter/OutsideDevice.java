package dev.modelflow.adapter;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a trainer of others computes on.
 *
 * @param kind {@code cpu}, or as the trainer knows its first GPU
 * @param threads of the processor for each process
 * @param processes one for each GPU that is shown; on the processor one
 */
record OutsideDevice(String kind, int threads, int processes) {
  private static final String CPU = "cpu";

  /**
   * The device of a spec.
   *
   * @param visible {@code CUDA_VISIBLE_DEVICES}
   */
  static OutsideDevice of(JsonNode device, String visible) {
    String kind = device.path("kind").asString(CPU);
    return new OutsideDevice(
        kind,
        Math.max(1, device.path("threads").asInt(1)),
        kind.equals(CPU) ? 1 : Math.max(1, visible.split(",").length));
  }

  boolean isCpu() {
    return kind.equals(CPU);
  }

  Map<String, Object> tree() {
    return Map.of("kind", isCpu() ? CPU : "cuda", "threads", threads);
  }

  /** Variables that the processes need before they start. */
  Map<String, String> environment() {
    return Map.of("OMP_NUM_THREADS", Integer.toString(threads), "PYTHONDONTWRITEBYTECODE", "1");
  }
}
