/** AdamW over one flat buffer, and learning rate schedules. */
@NullMarked
package dev.modelflow.engine.optim;

import org.jspecify.annotations.NullMarked;
