package dev.modelflow.cli.bench;

/**
 * What a stage is there for, and whether it did it.
 *
 * @param stage the stage's name
 * @param effect what it is expected to do
 * @param before the yardstick: mostly the same measure of the stage before
 * @param after the measure of the stage's own result
 * @param noise the difference's standard error
 * @param samples how many cases the later measure is over
 * @param holds whether the effect was seen
 */
public record Claim(
    String stage,
    String effect,
    double before,
    double after,
    double noise,
    int samples,
    boolean holds) {}
