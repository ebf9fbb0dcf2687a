/** What a recipe will do: its stages in order, their inputs, and what they cost. */
@NullMarked
package dev.modelflow.plan;

import org.jspecify.annotations.NullMarked;
