package dev.modelflow.read;

import java.util.List;

/**
 * A pool and its workers.
 *
 * @param name also the task queue
 * @param running stages whose attempt runs
 * @param waiting stages of running runs that wait for their inputs or for a worker
 */
public record PoolView(String name, List<WorkerView> workers, long running, long waiting) {}
