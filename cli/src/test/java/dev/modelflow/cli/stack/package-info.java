@NullMarked
package dev.modelflow.cli.stack;

import org.jspecify.annotations.NullMarked;
