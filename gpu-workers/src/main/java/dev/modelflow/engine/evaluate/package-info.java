/**
 * Measures a checkpoint: bits per byte, answers, retrieval, preferences; each with its standard
 * error.
 */
@NullMarked
package dev.modelflow.engine.evaluate;

import org.jspecify.annotations.NullMarked;
