/** What the dashboard and the API show: questions about runs that touch the ledger read-only. */
@NullMarked
package dev.modelflow.read;

import org.jspecify.annotations.NullMarked;
