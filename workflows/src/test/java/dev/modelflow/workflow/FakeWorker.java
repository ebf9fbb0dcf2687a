package dev.modelflow.workflow;

import dev.modelflow.domain.StageStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A pool's worker that does as a test says.
 *
 * @param attempts stage → how often it was attempted
 */
record FakeWorker(Work work, Map<String, Integer> attempts) implements StageActivities {
  FakeWorker(Work work) {
    this(work, new ConcurrentHashMap<>());
  }

  /** What an attempt does. */
  interface Work {
    StageStatus attempt(StageTask task) throws Exception;
  }

  @Override
  public StageStatus attempt(StageTask task) {
    attempts.merge(task.stage(), 1, Integer::sum);
    try {
      return work.attempt(task);
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
