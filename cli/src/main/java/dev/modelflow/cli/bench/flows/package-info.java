/** Many small flows at once, and a worker that does their trivial stages. */
@NullMarked
package dev.modelflow.cli.bench.flows;

import org.jspecify.annotations.NullMarked;
