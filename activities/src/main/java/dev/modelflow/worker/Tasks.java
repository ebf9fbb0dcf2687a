package dev.modelflow.worker;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.workflow.StageTask;
import java.util.Optional;

/**
 * What the ledger still knows of what workflows ask about. After it was restored from a backup, the
 * workflows of before go on: of runs that it does not know, or knows in an earlier state.
 */
final class Tasks {
  private final Ledger ledger;

  Tasks(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The stage; empty when the task is of a run, or a life of it, that the ledger does not know. */
  Optional<Stage> stage(StageTask task) {
    return ledger.stages().find(task.runId(), task.stage(), task.incarnation());
  }

  /** Whether a workflow that has seen every stage end has seen what the ledger knows. */
  boolean hasEnded(Run run) {
    return run.status() == RunStatus.CANCELLING
        || ledger.stages().of(run.id()).stream().allMatch(Stage::ended);
  }
}
