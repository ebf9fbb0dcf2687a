package dev.modelflow.cli.faults;

import dev.modelflow.domain.RunStatus;
import java.time.Instant;
import java.util.List;

/**
 * How a run stood when the ledger was last asked.
 *
 * @param status of the run
 * @param heard when an attempt of the run was last heard of; the epoch when none was
 * @param stages those that have said how far they are
 */
record Observation(RunStatus status, Instant heard, List<Progress> stages) {
  Observation {
    stages = List.copyOf(stages);
  }

  boolean isOver() {
    return switch (status) {
      case SUCCEEDED, FAILED, CANCELLED -> true;
      case QUEUED, RUNNING, CANCELLING -> false;
    };
  }

  /**
   * How far a stage was.
   *
   * @param epoch number of its newest attempt
   * @param step that any of its attempts reported last
   */
  record Progress(String stage, int epoch, long step) {}
}
