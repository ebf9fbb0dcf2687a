/** Requests to a dashboard as browsers and programs send them, and how long the answers took. */
@NullMarked
package dev.modelflow.cli.bench.http;

import org.jspecify.annotations.NullMarked;
