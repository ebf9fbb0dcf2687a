/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.recipe;

import org.jspecify.annotations.NullMarked;
