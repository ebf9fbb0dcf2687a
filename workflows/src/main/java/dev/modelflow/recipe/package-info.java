/** The recipe: its fields, its parser with errors that name lines, its canonical form. */
@NullMarked
package dev.modelflow.recipe;

import org.jspecify.annotations.NullMarked;
