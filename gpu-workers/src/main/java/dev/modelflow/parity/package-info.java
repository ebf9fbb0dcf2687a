/** Gives other implementations of the model something to compare themselves with. */
@NullMarked
package dev.modelflow.parity;

import org.jspecify.annotations.NullMarked;
