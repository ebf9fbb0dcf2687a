/** Models in forms that programs beside this platform load. */
@NullMarked
package dev.modelflow.cli.export;

import org.jspecify.annotations.NullMarked;
