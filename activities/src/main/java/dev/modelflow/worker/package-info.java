/** What every pool's worker does around a stage: attempts, inputs, uploads, heartbeats. */
@NullMarked
package dev.modelflow.worker;

import org.jspecify.annotations.NullMarked;
