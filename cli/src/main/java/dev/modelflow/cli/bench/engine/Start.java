package dev.modelflow.cli.bench.engine;

/**
 * How long a trainer took, from before its process was started.
 *
 * @param startedSeconds until it said {@code started}
 * @param firstStepSeconds until it had made its first step
 */
public record Start(double startedSeconds, double firstStepSeconds) {}
