/** Tests of rankings. */
@NullMarked
package dev.modelflow.microanneal;

import org.jspecify.annotations.NullMarked;
