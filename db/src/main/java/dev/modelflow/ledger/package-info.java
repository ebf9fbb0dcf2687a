/** The Postgres record of runs, stages, attempts, artifacts and numbers. */
@NullMarked
package dev.modelflow.ledger;

import org.jspecify.annotations.NullMarked;
