/** The training stages of a flow and the evaluation, behind the trainer contract. */
@NullMarked
package dev.modelflow.engine.stage;

import org.jspecify.annotations.NullMarked;
