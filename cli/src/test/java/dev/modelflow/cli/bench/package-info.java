/** Tests of what the documentation claims. */
@NullMarked
package dev.modelflow.cli.bench;

import org.jspecify.annotations.NullMarked;
