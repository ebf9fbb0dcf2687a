/**
 * Writes continuations of prompts, greedily or by chance, with the log-probabilities of what was
 * said.
 */
@NullMarked
package dev.modelflow.engine.generate;

import org.jspecify.annotations.NullMarked;
