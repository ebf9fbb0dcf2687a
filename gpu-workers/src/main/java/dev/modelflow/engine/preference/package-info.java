/** Length-normalised direct preference optimisation on delta pairs. */
@NullMarked
package dev.modelflow.engine.preference;

import org.jspecify.annotations.NullMarked;
