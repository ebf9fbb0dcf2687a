/** The whole flow through the real embedded stack, as a person uses it. */
@NullMarked
package dev.modelflow.cli;

import org.jspecify.annotations.NullMarked;
