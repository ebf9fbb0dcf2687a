package dev.modelflow.workflow;

import dev.modelflow.domain.StageStatus;
import dev.modelflow.workflow.RunActivities.PlannedStage;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Locale;

/** The ways in which the history of a run differs from others. */
enum FlowShape {
  /** Every stage is done at the first attempt. */
  WHOLE {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      return StageStatus.SUCCEEDED;
    }
  },
  /** A worker fails after a checkpoint, and another attempt goes on. */
  RETRIED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      if (task.stage().equals("pretrain") && attempt == 1) {
        ledger.committedStep = 100;
        throw ApplicationFailure.newNonRetryableFailure("The worker was stopped", "platform");
      }
      return StageStatus.SUCCEEDED;
    }
  },
  /** Two workers are drained one after the other, and a third one goes on. */
  STOPPED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      if (task.stage().equals("pretrain") && attempt < 3) {
        throw ApplicationFailure.newNonRetryableFailure("The worker is drained", "stopped");
      }
      return StageStatus.SUCCEEDED;
    }
  },
  /** What a stage needs stays away until nobody waits any longer. */
  EXHAUSTED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      return failed(task, "The store is away", "platform");
    }
  },
  /** A trainer fails by itself until it is given up. */
  BROKEN {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      return failed(task, "The trainer crashed", "trainer");
    }
  },
  /** A stage cannot be done, and what reads from it is not begun. */
  FAILED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      return failed(task, "steps is -1", "recipe");
    }
  },
  /** Somebody cancels the run while a stage is worked on. */
  CANCELLED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt)
        throws InterruptedException {
      if (!task.stage().equals("pretrain")) {
        return StageStatus.SUCCEEDED;
      }
      ledger.begun.countDown();
      while (true) {
        try {
          Activity.getExecutionContext().heartbeat(1);
          Thread.sleep(50);
        } catch (ActivityCompletionException asked) {
          return StageStatus.CANCELLED;
        }
      }
    }
  },
  /** A branch: what comes before the checkpoint is reused. */
  BRANCHED {
    @Override
    StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) {
      return StageStatus.SUCCEEDED;
    }
  };

  /** What an attempt does, of which this is the one of that number. */
  abstract StageStatus attempt(FakeLedger ledger, StageTask task, int attempt) throws Exception;

  private static StageStatus failed(StageTask task, String message, String type) {
    if (task.stage().equals("pretrain")) {
      throw ApplicationFailure.newNonRetryableFailure(message, type);
    }
    return StageStatus.SUCCEEDED;
  }

  /** The flow that goes this way. */
  FakeLedger ledger() {
    FakeLedger ledger =
        new FakeLedger(
            new PlannedStage("curate", "cpu", List.of()),
            new PlannedStage("pretrain", "gpu", List.of("curate")),
            new PlannedStage("evaluate", "gpu", List.of("pretrain")),
            new PlannedStage("sft", "gpu", List.of("curate", "pretrain")));
    if (this == BRANCHED) {
      ledger.prepared.put("curate", StageStatus.REUSED);
    }
    return ledger;
  }

  /** Its name in file names. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
