/** Tests of timing requests. */
@NullMarked
package dev.modelflow.cli.bench.http;

import org.jspecify.annotations.NullMarked;
