/**
 * Random numbers that are a pure function of seed, purpose and index, so that no random state
 * exists.
 */
@NullMarked
package dev.modelflow.engine.random;

import org.jspecify.annotations.NullMarked;
