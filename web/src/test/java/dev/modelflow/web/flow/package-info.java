/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.web.flow;

import org.jspecify.annotations.NullMarked;
