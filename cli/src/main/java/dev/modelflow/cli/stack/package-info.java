/** The embedded stack: everything that runs flows on one machine, under one supervisor. */
@NullMarked
package dev.modelflow.cli.stack;

import org.jspecify.annotations.NullMarked;
