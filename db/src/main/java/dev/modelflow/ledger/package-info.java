/** The Postgres record of runs, stages, attempts, artifacts, numbers and who did what. */
@NullMarked
package dev.modelflow.ledger;

import org.jspecify.annotations.NullMarked;
