package dev.modelflow.ledger;

/**
 * One number about a checkpoint.
 *
 * @param task what was asked, e.g. {@code maths}
 * @param metric how it was measured, e.g. {@code accuracy}
 * @param value the result
 * @param standardError of the value; 0 when it has none
 * @param samples how many were asked
 * @param higherIsBetter whether a greater value is better
 */
public record Evaluation(
    String task,
    String metric,
    double value,
    double standardError,
    int samples,
    boolean higherIsBetter) {}
