/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.cli.order;

import org.jspecify.annotations.NullMarked;
