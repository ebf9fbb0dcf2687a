/** Answers from the data-order records of checkpoints. */
@NullMarked
package dev.modelflow.cli.order;

import org.jspecify.annotations.NullMarked;
