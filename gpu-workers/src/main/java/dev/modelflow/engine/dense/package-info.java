/**
 * The forward and backward pass of a model without experts on the processor, written by hand:
 * products with weights by libtorch or oneDNN, the rest by {@code kernel}. {@code model} has the
 * same pass for every model and device, of which libtorch makes the slopes.
 */
@NullMarked
package dev.modelflow.engine.dense;

import org.jspecify.annotations.NullMarked;
