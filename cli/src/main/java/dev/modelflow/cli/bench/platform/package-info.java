/** Measures the platform: a full ledger, many dashboards, many flows, large checkpoints. */
@NullMarked
package dev.modelflow.cli.bench.platform;

import org.jspecify.annotations.NullMarked;
