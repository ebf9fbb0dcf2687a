/** Measures the engine on the machine it runs on. */
@NullMarked
package dev.modelflow.bench;

import org.jspecify.annotations.NullMarked;
