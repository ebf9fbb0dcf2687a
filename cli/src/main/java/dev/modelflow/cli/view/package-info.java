/** How runs look in a terminal: live progress, tables, plain lines. */
@NullMarked
package dev.modelflow.cli.view;

import org.jspecify.annotations.NullMarked;
