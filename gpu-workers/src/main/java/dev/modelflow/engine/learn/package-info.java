/** One optimisation step: forward, an objective over token log-probabilities, backward, update. */
@NullMarked
package dev.modelflow.engine.learn;

import org.jspecify.annotations.NullMarked;
