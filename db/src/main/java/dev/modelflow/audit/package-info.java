/** The audit of an artifact back to its sources. */
@NullMarked
package dev.modelflow.audit;

import org.jspecify.annotations.NullMarked;
