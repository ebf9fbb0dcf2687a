/** Geometry of the dashboard's pictures, computed on the server and free of HTML. */
@NullMarked
package dev.modelflow.web.graph;

import org.jspecify.annotations.NullMarked;
