/** Fills a ledger with as many runs as years of work leave behind, the same for the same seed. */
@NullMarked
package dev.modelflow.cli.bench.fill;

import org.jspecify.annotations.NullMarked;
