package dev.modelflow.bench;

import java.util.List;

/**
 * What the engine does on this machine.
 *
 * @param parameters of the model
 * @param threads that the engine used
 * @param gemmGflops measured peak: large float32 matrix products on every thread at once, in
 *     billions of floating-point operations a second
 * @param training one line for each shape of a step
 * @param generation one line for each batch
 * @param peakMegabytes most memory that the process held
 */
public record EngineReport(
    long parameters,
    int threads,
    double gemmGflops,
    List<Training> training,
    List<Generation> generation,
    long peakMegabytes) {
  /** Copies the lists. */
  public EngineReport {
    training = List.copyOf(training);
    generation = List.copyOf(generation);
  }

  /**
   * Steps of one shape, each number the median over the measured steps.
   *
   * @param rows of a step
   * @param length tokens a row
   * @param tokensPerSecond of the clock
   * @param dataMilliseconds making the rows of a step
   * @param passMilliseconds forward and backward
   * @param optimizerMilliseconds summing, clipping and AdamW
   * @param peakShare floating-point operations a second by {@code FlopCount}'s formula over {@code
   *     gemmGflops}
   */
  public record Training(
      int rows,
      int length,
      double tokensPerSecond,
      double dataMilliseconds,
      double passMilliseconds,
      double optimizerMilliseconds,
      double peakShare) {}

  /**
   * Drawing answers to prompts of equal length.
   *
   * @param batch answers at a time
   * @param tokensPerSecond of all answers together, reading the prompts included
   */
  public record Generation(int batch, double tokensPerSecond) {}
}
