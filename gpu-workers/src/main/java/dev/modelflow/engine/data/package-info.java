/**
 * Token sets, and the rows of packed documents that each step sees as a function of seed and step.
 */
@NullMarked
package dev.modelflow.engine.data;

import org.jspecify.annotations.NullMarked;
