package dev.modelflow.cli.bench.fill;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the filled ledger is to look like.
 *
 * @param number from 0, oldest first
 * @param id of the run
 * @param createdAt when it was asked for
 * @param family runs of one family have one recipe and share the results of its first stages
 * @param parent the run that it branched from; null for most
 * @param stagesDone how many stages succeeded; the next one failed or was cancelled
 * @param metrics number of points
 * @param edges number of edges, about
 */
record RunPlan(
    int number,
    String id,
    Instant createdAt,
    int family,
    @Nullable RunPlan parent,
    int stagesDone,
    int metrics,
    long edges) {}
