/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.cli.view;

import org.jspecify.annotations.NullMarked;
