package dev.modelflow.ledger;

/**
 * What an attempt must show with everything it writes. It is current as long as no newer attempt of
 * the stage has begun and the stage has not ended.
 *
 * @param runId the run
 * @param stage the stage's name
 * @param stageId the stage's row
 * @param attemptId the attempt's row
 * @param epoch of the attempt, from 1
 */
public record Fence(String runId, String stage, long stageId, long attemptId, int epoch) {}
