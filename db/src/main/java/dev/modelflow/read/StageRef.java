package dev.modelflow.read;

/**
 * A stage of some run.
 *
 * @param run the run's id
 * @param stage the stage's name
 */
public record StageRef(String run, String stage) {}
