/** The {@code modelflow} command. */
@NullMarked
package dev.modelflow.cli;

import org.jspecify.annotations.NullMarked;
