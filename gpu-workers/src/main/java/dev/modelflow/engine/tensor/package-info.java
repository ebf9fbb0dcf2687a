/**
 * What the engine needs of libtorch beyond its operations: start-up, copies to and from Java,
 * threads.
 */
@NullMarked
package dev.modelflow.engine.tensor;

import org.jspecify.annotations.NullMarked;
