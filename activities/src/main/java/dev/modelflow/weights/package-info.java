/** Files of weights: safetensors, one or several with an index, and how values lie in them. */
@NullMarked
package dev.modelflow.weights;

import org.jspecify.annotations.NullMarked;
