/** Measures the engine by turns with PyTorch, and holds what was seen against the bars. */
@NullMarked
package dev.modelflow.cli.bench.engine;

import org.jspecify.annotations.NullMarked;
