/** Checkpoint folders that other tools read: safetensors, config.json and the trainer's state. */
@NullMarked
package dev.modelflow.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
