/** Tests of filling a ledger. */
@NullMarked
package dev.modelflow.cli.bench.fill;

import org.jspecify.annotations.NullMarked;
