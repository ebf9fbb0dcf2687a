package dev.modelflow.web.flow;

import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.ledger.Workers;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.read.WorkerView;
import dev.modelflow.web.config.WebConfig;

/**
 * Tells workers what to do, for people and other systems. A worker learns it within five seconds;
 * what it was told holds until it is told otherwise, also after it was ended and started anew.
 */
public final class Fleet {
  private final Workers workers;
  private final WorkerQueries queries;

  Fleet(WebConfig config, WorkerQueries queries) {
    this.workers = config.ledger().workers();
    this.queries = queries;
  }

  /** Tells a worker what to do, and returns how it stands then. Harmless when repeated. */
  public WorkerView assign(String id, WorkerDuty duty, String actor) {
    known(id);
    workers.assign(id, duty, actor);
    return known(id);
  }

  /**
   * Drops a worker that was lost or ended from every list. Throws {@link IllegalArgumentException}
   * for one that lives, because it would only come back.
   */
  public WorkerView forget(String id, String actor) {
    WorkerView worker = known(id);
    if (!workers.forget(id, actor)) {
      throw new IllegalArgumentException(
          "Worker '%s' lives, so it cannot be forgotten; end it first".formatted(id));
    }
    return worker;
  }

  /** The worker of this name; throws {@link NotFoundException} without one. */
  public WorkerView known(String id) {
    return queries.find(id).orElseThrow(() -> NotFoundException.worker(id));
  }
}
