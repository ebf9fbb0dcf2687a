/** Backups of ledger and objects in a folder, and their restoration. */
@NullMarked
package dev.modelflow.backup;

import org.jspecify.annotations.NullMarked;
