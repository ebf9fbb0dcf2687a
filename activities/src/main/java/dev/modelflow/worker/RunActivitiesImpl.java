package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Events;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.MissingInputException;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.run.Reuse;
import dev.modelflow.workflow.RunActivities;
import dev.modelflow.workflow.StageTask;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers workflows from the ledger. */
public final class RunActivitiesImpl implements RunActivities {
  private final Ledger ledger;
  private final Reuse reuse;
  private final Tasks tasks;

  /** Answers from {@code ledger}; checks in {@code store} what may be reused. */
  public RunActivitiesImpl(Ledger ledger, ObjectStore store) {
    this.ledger = ledger;
    this.reuse = new Reuse(ledger, store);
    this.tasks = new Tasks(ledger);
  }

  @Override
  public List<PlannedStage> begin(String runId) {
    Optional<String> incarnation = ledger.runs().incarnation(runId);
    if (incarnation.isEmpty() || ledger.runs().begin(runId).ended()) {
      return List.of();
    }
    return ledger.stages().of(runId).stream()
        .map(stage -> planned(stage, incarnation.get()))
        .toList();
  }

  private static PlannedStage planned(Stage stage, String incarnation) {
    List<String> after =
        stage.inputs().values().stream().map(input -> input.stage()).distinct().toList();
    return new PlannedStage(stage.name(), stage.pool(), after, incarnation);
  }

  @Override
  public StageStatus prepare(StageTask task) {
    return tasks.stage(task).map(this::prepare).orElse(StageStatus.CANCELLED);
  }

  private StageStatus prepare(Stage stage) {
    Run run = ledger.runs().get(stage.runId());
    if (stage.ended()) {
      return stage.status();
    }
    if (run.status() != RunStatus.RUNNING) {
      ledger.stages().close(stage, StageStatus.CANCELLED, null, null);
      return StageStatus.CANCELLED;
    }
    if (stage.status() == StageStatus.RUNNING) {
      return StageStatus.RUNNING;
    }
    return substitute(run, stage)
        .map(original -> ledger.stages().reuse(stage, original))
        .orElse(StageStatus.WAITING);
  }

  private Optional<Stage> substitute(Run run, Stage stage) {
    return switch (stage.reuse()) {
      case "pinned" -> pinned(stage).or(() -> byFingerprint(run, stage));
      case "never" -> {
        recordFingerprint(run, stage);
        yield Optional.empty();
      }
      default -> byFingerprint(run, stage);
    };
  }

  private Optional<Stage> pinned(Stage stage) {
    @Nullable Long original = stage.reusedFrom();
    if (original == null) {
      return Optional.empty();
    }
    Optional<Stage> found =
        ledger.stages().worker(ledger.stages().get(original)).filter(reuse::whole);
    if (found.isEmpty()) {
      ledger
          .events()
          .add(
              stage.runId(),
              stage.name(),
              Events.Level.WARNING,
              "The parent run's result is not whole in the object store; the stage runs again");
    }
    return found;
  }

  private Optional<Stage> byFingerprint(Run run, Stage stage) {
    return recordFingerprint(run, stage).flatMap(reuse::find);
  }

  /** Empty when no worker of the pool was ever heard of, so that the code's version is unknown. */
  private Optional<Digest> recordFingerprint(Run run, Stage stage) {
    Map<String, Digest> inputs = inputs(stage);
    Optional<String> version =
        ledger
            .workers()
            .codeVersion(stage.pool(), TrainerName.work(stage.kind(), stage.parameters()));
    return version.map(
        known -> {
          Digest fingerprint = Reuse.fingerprint(run, stage, inputs, known);
          ledger.stages().recordFingerprint(stage.id(), fingerprint, known);
          return fingerprint;
        });
  }

  private Map<String, Digest> inputs(Stage stage) {
    try {
      return ledger.stages().inputs(stage);
    } catch (MissingInputException missing) {
      throw ApplicationFailure.newNonRetryableFailure(
          missing.getMessage(), FailureClass.RECIPE.word());
    }
  }

  @Override
  public long committedStep(StageTask task) {
    return tasks.stage(task).map(Stage::id).map(ledger.stages()::checkpoints).stream()
        .flatMap(List::stream)
        .mapToLong(Checkpoint::step)
        .max()
        .orElse(-1);
  }

  @Override
  public void close(
      StageTask task,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    tasks
        .stage(task)
        .ifPresent(stage -> ledger.stages().close(stage, status, failureClass, message));
  }

  @Override
  public RunStatus finish(String runId, RunStatus status) {
    Optional<Run> run = ledger.runs().find(runId);
    if (run.isEmpty()) {
      return status;
    }
    return tasks.hasEnded(run.get()) ? ledger.runs().finish(runId, status) : run.get().status();
  }
}
