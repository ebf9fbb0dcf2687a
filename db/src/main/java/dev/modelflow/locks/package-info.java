/** Locks between the processes of one machine. */
@NullMarked
package dev.modelflow.locks;

import org.jspecify.annotations.NullMarked;
