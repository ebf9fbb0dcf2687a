package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.EngineReport;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one size.
 *
 * @param size of the model
 * @param engine a line for each precision
 * @param pytorch each of its columns by name; empty where there is no PyTorch
 */
record Measured(BenchSize size, List<Engine> engine, Map<String, Rate> pytorch) {
  /** The engine at one precision. */
  record Engine(String precision, Rate rate, EngineReport report) {}
}
