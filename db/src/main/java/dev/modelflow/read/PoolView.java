package dev.modelflow.read;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A pool and its workers.
 *
 * @param name also the task queue
 * @param running stages whose attempt runs
 * @param waiting stages of running runs that wait for their inputs or for a worker
 */
public record PoolView(String name, List<Worker> workers, long running, long waiting) {
  /**
   * A worker process.
   *
   * @param devices as the worker described them
   * @param kinds kind of stage that it can run → version of the code that would do it
   * @param doing one line for people; null when idle
   */
  public record Worker(
      String id,
      String host,
      long pid,
      JsonNode devices,
      JsonNode kinds,
      Instant startedAt,
      Instant lastHeardAt,
      @Nullable String doing) {}
}
