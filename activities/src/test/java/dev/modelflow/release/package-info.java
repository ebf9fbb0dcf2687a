/** Tests of the release folder. */
@NullMarked
package dev.modelflow.release;

import org.jspecify.annotations.NullMarked;
