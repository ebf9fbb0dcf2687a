/** Starts the workflows of runs that stand in the ledger. */
@NullMarked
package dev.modelflow.dispatch;

import org.jspecify.annotations.NullMarked;
