package dev.modelflow.read;

import org.jspecify.annotations.Nullable;

/**
 * One number about one checkpoint.
 *
 * @param stage the stage that measured it
 * @param of the stage whose checkpoint was measured; null when the recipe names none
 * @param checkpoint the artifact that was measured
 * @param samples what {@code standardError} is computed over
 */
public record EvaluationView(
    String stage,
    @Nullable String of,
    String checkpoint,
    String task,
    String metric,
    double value,
    double standardError,
    int samples,
    boolean higherIsBetter) {}
