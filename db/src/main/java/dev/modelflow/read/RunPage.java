package dev.modelflow.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of runs, newest first.
 *
 * @param next the cursor of the following page; null on the last one
 */
public record RunPage(List<RunSummary> runs, @Nullable String next) {}
