/** Microanneals: candidate data ranked by what short anneals on them change. */
@NullMarked
package dev.modelflow.microanneal;

import org.jspecify.annotations.NullMarked;
