/** The trainer process: reads a spec, runs one stage of the engine, speaks the trainer contract. */
@NullMarked
package dev.modelflow.trainer;

import org.jspecify.annotations.NullMarked;
