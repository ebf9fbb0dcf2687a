package dev.modelflow.workflow;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that knows one flow. */
final class FakeLedger implements RunActivities {
  private final List<PlannedStage> stages;
  final Map<String, StageStatus> closed = new ConcurrentHashMap<>();
  final Map<String, String> messages = new ConcurrentHashMap<>();
  final Map<String, StageStatus> prepared = new ConcurrentHashMap<>();
  final AtomicReference<@Nullable RunStatus> finished = new AtomicReference<>();
  final CountDownLatch begun = new CountDownLatch(1);
  volatile long committedStep = -1;

  FakeLedger(PlannedStage... stages) {
    this.stages = List.of(stages);
  }

  @Override
  public List<PlannedStage> begin(String runId) {
    return stages;
  }

  @Override
  public StageStatus prepare(StageTask task) {
    return prepared.getOrDefault(task.stage(), StageStatus.WAITING);
  }

  @Override
  public long committedStep(StageTask task) {
    return committedStep;
  }

  @Override
  public void close(
      StageTask task,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    closed.put(task.stage(), status);
    messages.put(
        task.stage(),
        Optional.ofNullable(failureClass).map(FailureClass::word).orElse("")
            + ": "
            + Optional.ofNullable(message).orElse(""));
  }

  @Override
  public RunStatus finish(String runId, RunStatus status) {
    finished.set(status);
    return status;
  }
}
