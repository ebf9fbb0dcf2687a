/** Tests of the package of the same name. */
@NullMarked
package dev.modelflow.web.graph;

import org.jspecify.annotations.NullMarked;
