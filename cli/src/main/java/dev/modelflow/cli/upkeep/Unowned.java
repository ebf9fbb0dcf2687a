package dev.modelflow.cli.upkeep;

/**
 * Objects without an owner as commands show them.
 *
 * @param removed whether they are gone, or were only counted
 * @param retentionHours only what is older was looked at
 * @param objects how many
 * @param bytes their size together
 * @param uploads that were begun and broken off
 */
public record Unowned(
    boolean removed, long retentionHours, long objects, long bytes, long uploads) {}
