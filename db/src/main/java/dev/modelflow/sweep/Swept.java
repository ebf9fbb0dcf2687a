package dev.modelflow.sweep;

/**
 * What a sweep found to have no owner and, unless it was a dry run, removed.
 *
 * @param objects how many
 * @param bytes their size together
 * @param uploads that were begun and broken off
 */
public record Swept(long objects, long bytes, long uploads) {}
