/** Models of others, as a recipe begins with them. */
@NullMarked
package dev.modelflow.cli.published;

import org.jspecify.annotations.NullMarked;
