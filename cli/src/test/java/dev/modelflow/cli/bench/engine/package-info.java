/** Tests of the engine's measurement. */
@NullMarked
package dev.modelflow.cli.bench.engine;

import org.jspecify.annotations.NullMarked;
