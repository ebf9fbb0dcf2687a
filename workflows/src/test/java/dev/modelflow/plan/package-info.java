/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.plan;

import org.jspecify.annotations.NullMarked;
