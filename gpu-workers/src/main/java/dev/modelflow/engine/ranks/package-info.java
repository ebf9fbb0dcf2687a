/**
 * The processes that train one model together, and what they tell each other over libtorch's c10d.
 */
@NullMarked
package dev.modelflow.engine.ranks;

import org.jspecify.annotations.NullMarked;
