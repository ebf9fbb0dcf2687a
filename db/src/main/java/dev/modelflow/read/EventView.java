package dev.modelflow.read;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run.
 *
 * @param seq grows; a reader asks for what follows the last one it saw
 * @param stage null when it concerns the whole run
 * @param level {@code info}, {@code warning} or {@code error}
 */
public record EventView(
    long seq, @Nullable String stage, String level, String message, Instant at) {}
