/** Measures the engine on the machine it runs on, by turns with others. */
@NullMarked
package dev.modelflow.bench;

import org.jspecify.annotations.NullMarked;
