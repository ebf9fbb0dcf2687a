/** Creating, branching, rerunning and cancelling runs, and what may be reused. */
@NullMarked
package dev.modelflow.run;

import org.jspecify.annotations.NullMarked;
