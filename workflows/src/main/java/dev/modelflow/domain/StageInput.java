package dev.modelflow.domain;

import org.jspecify.annotations.Nullable;

/**
 * Where one input of a stage comes from.
 *
 * @param stage the name of the stage that makes it
 * @param output the name of that stage's output, e.g. {@code checkpoint} or {@code tokenizer}
 * @param step for a checkpoint inside that stage, the step after which it was written; otherwise
 *     null, which means the output that the stage ended with
 */
public record StageInput(String stage, String output, @Nullable Long step) {}
