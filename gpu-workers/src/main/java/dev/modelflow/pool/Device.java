package dev.modelflow.pool;

import dev.modelflow.calibrate.Processor;
import dev.modelflow.domain.WorkerDevice;
import java.util.Map;

/**
 * What one trainer computes on.
 *
 * @param hardware which one it is, of those of the machine
 * @param kind as the trainer sees it: {@code cpu}, or {@code cuda:0} for the only GPU that it is
 *     shown
 * @param threads of the processor that it may use
 * @param fasterInBf16 whether its matrix products take less time in bf16 than in float32
 */
public record Device(WorkerDevice hardware, String kind, int threads, boolean fasterInBf16) {
  private static final String CPU = "cpu";

  /** The device that {@code hardware} is for a trainer. */
  public static Device of(WorkerDevice hardware, int threads, boolean fasterInBf16) {
    return new Device(hardware, hardware.id().equals(CPU) ? CPU : "cuda:0", threads, fasterInBf16);
  }

  /** The processor itself. */
  public static Device cpu(int threads) {
    return of(WorkerDevice.cpu(), threads, Processor.here().isFasterInBf16());
  }

  /** What each of several ranks has of the processor: it as a whole, and its share of threads. */
  Device shared(int ranks) {
    return new Device(hardware, kind, Math.max(1, threads / ranks), fasterInBf16);
  }

  /** Whether it is a GPU or a part of one. */
  boolean isGpu() {
    return !hardware.id().equals(CPU);
  }

  /** Shows a trainer this device alone: none of the machine's GPUs where it is the processor. */
  Map<String, String> environment() {
    return Map.of("CUDA_VISIBLE_DEVICES", isGpu() ? hardware.id() : "");
  }

  @Override
  public String toString() {
    String which = isGpu() ? " (%s, %s)".formatted(hardware.name(), hardware.id()) : "";
    return kind + which + ", " + threads + (threads == 1 ? " thread" : " threads");
  }
}
