package dev.modelflow.bench;

import java.util.List;

/**
 * What was measured of one size at one precision beside its rounds.
 *
 * @param parameters of the model
 * @param operationsPerToken floating-point operations of training by {@code FlopCount}'s formula
 * @param peakMegabytes most memory that the process held while it trained; 0 where the system keeps
 *     no count, and on a GPU, whose memory is not the process's
 * @param gemm the machine's peak at this precision, as this process saw it
 * @param parts of a step
 * @param checkpoints what they cost
 * @param generation one line for each batch
 */
public record EngineReport(
    long parameters,
    double operationsPerToken,
    long peakMegabytes,
    Gemm gemm,
    Parts parts,
    Checkpoints checkpoints,
    List<Generation> generation) {
  /** Copies the list. */
  public EngineReport {
    generation = List.copyOf(generation);
  }
}
