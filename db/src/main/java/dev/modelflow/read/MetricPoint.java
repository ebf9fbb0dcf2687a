package dev.modelflow.read;

/** A metric's value after a step. */
public record MetricPoint(long step, double value) {}
