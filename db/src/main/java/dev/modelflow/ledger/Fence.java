package dev.modelflow.ledger;

/**
 * What an attempt must show with everything it writes. It is current as long as no newer attempt of
 * the stage has begun, the stage has not ended, and the ledger was not restored from a backup.
 *
 * @param runId the run
 * @param incarnation of the run: a ledger that was restored gives row numbers and epochs to other
 *     attempts once more, but no incarnation
 * @param stage the stage's name
 * @param stageId the stage's row
 * @param attemptId the attempt's row
 * @param epoch of the attempt, from 1
 */
public record Fence(
    String runId, String incarnation, String stage, long stageId, long attemptId, int epoch) {}
