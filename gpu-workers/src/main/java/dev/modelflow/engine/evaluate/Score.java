package dev.modelflow.engine.evaluate;

/**
 * A result of an evaluation.
 *
 * @param task what was asked
 * @param metric what was measured
 * @param value the mean over samples
 * @param standardError of that mean
 * @param samples how many independent samples
 * @param higherIsBetter which direction is good
 */
public record Score(
    String task,
    String metric,
    double value,
    double standardError,
    int samples,
    boolean higherIsBetter) {}
