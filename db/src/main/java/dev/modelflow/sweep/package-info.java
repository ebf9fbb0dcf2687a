/** Removes objects of the bucket that belong to nothing in the ledger. */
@NullMarked
package dev.modelflow.sweep;

import org.jspecify.annotations.NullMarked;
