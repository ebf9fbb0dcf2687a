package dev.modelflow.cli.bench.engine;

/**
 * What one of PyTorch's columns did with one size.
 *
 * @param size its name
 * @param column {@code eager} or {@code compile}, and the precision
 * @param rate of training
 */
public record PytorchRow(String size, String column, Rate rate) {}
