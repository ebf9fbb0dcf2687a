/** Temporal workflow definitions and the activities they call: who runs what, in which order. */
@NullMarked
package dev.modelflow.workflow;

import org.jspecify.annotations.NullMarked;
