/** Olmo 3's decoder: its shape, weights, positions, masks and forward pass. */
@NullMarked
package dev.modelflow.engine.model;

import org.jspecify.annotations.NullMarked;
