package dev.modelflow.worker;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.deployment.v1.WorkerDeploymentInfo;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentResponse;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Temporal give new work to the newest version of the workers that is alive. Each worker looks
 * after its own version, so nobody has to say that there was an upgrade, and when all workers of a
 * version are gone those of an older one, or without versions, take the work again.
 */
final class VersionClaims {
  private static final Logger LOG = LoggerFactory.getLogger(VersionClaims.class);
  private static final Optional<String> UNKNOWN =
      Optional.of("Temporal has not seen a worker of this version yet");
  private static final Set<Status.Code> AWAY =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.CANCELLED,
          Status.Code.RESOURCE_EXHAUSTED);
  // Not all queues of this worker are known yet, another worker was faster, or many ask at once.
  private static final Set<Status.Code> ASK_AGAIN =
      Set.of(
          Status.Code.FAILED_PRECONDITION,
          Status.Code.ABORTED,
          Status.Code.NOT_FOUND,
          Status.Code.RESOURCE_EXHAUSTED);

  private final WorkflowServiceBlockingStub engine;
  private final TemporalConfig temporal;
  private final Duration silence;

  /**
   * Claims at an engine.
   *
   * @param silence after which a worker that asked for no work counts as gone
   */
  VersionClaims(WorkflowServiceStubs stubs, TemporalConfig temporal, Duration silence) {
    this.silence = silence;
    this.engine = EngineChannel.inNamespace(stubs.blockingStub(), temporal);
    this.temporal = temporal;
  }

  /** Why workers must do without versions at this engine; throws when it is away. */
  Optional<String> obstacle() {
    try {
      describe("modelflow");
      return Optional.empty();
    } catch (StatusRuntimeException answer) {
      if (AWAY.contains(answer.getStatus().getCode())) {
        throw answer;
      }
      return Optional.of(String.valueOf(answer.getMessage()));
    }
  }

  /**
   * Makes {@code mine} the version that gets new work, unless a newer one is alive.
   *
   * @return why that could not be settled yet; empty when it is
   */
  Optional<String> claim(WorkerVersion mine) {
    try {
      return settle(mine);
    } catch (StatusRuntimeException answer) {
      if (ASK_AGAIN.contains(answer.getStatus().getCode())) {
        return Optional.of(String.valueOf(answer.getMessage()));
      }
      throw answer;
    }
  }

  private Optional<String> settle(WorkerVersion mine) {
    Optional<DescribeWorkerDeploymentResponse> answer = describe(mine.deployment());
    if (answer.isEmpty()) {
      return mine.build().isEmpty() ? Optional.empty() : UNKNOWN;
    }
    WorkerDeploymentInfo deployment = answer.get().getWorkerDeploymentInfo();
    String current = deployment.getRoutingConfig().getCurrentDeploymentVersion().getBuildId();
    if (current.equals(mine.build())) {
      return Optional.empty();
    }
    Timestamp made = made(deployment, mine.build());
    if (made.equals(Timestamps.EPOCH) && !mine.build().isEmpty()) {
      return UNKNOWN;
    }
    boolean newer = Timestamps.compare(made, made(deployment, current)) > 0;
    return !newer && lives(mine, current) ? Optional.empty() : take(mine, answer.get());
  }

  private Optional<DescribeWorkerDeploymentResponse> describe(String deployment) {
    try {
      return Optional.of(
          engine.describeWorkerDeployment(
              DescribeWorkerDeploymentRequest.newBuilder()
                  .setNamespace(temporal.namespace())
                  .setDeploymentName(deployment)
                  .build()));
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw answer;
    }
  }

  /** When the first worker of a version was seen; no version is older than any. */
  private static Timestamp made(WorkerDeploymentInfo deployment, String build) {
    return deployment.getVersionSummariesList().stream()
        .filter(version -> version.getDeploymentVersion().getBuildId().equals(build))
        .map(WorkerDeploymentInfo.WorkerDeploymentVersionSummary::getCreateTime)
        .findFirst()
        .orElse(Timestamps.EPOCH);
  }

  private boolean lives(WorkerVersion mine, String build) {
    long oldest = Instant.now().minus(silence).toEpochMilli();
    return engine
        .describeTaskQueue(
            DescribeTaskQueueRequest.newBuilder()
                .setNamespace(temporal.namespace())
                .setTaskQueue(TaskQueue.newBuilder().setName(mine.queue()))
                .setTaskQueueType(mine.type())
                .build())
        .getPollersList()
        .stream()
        .filter(poller -> build(poller).equals(build))
        .anyMatch(poller -> Timestamps.toMillis(poller.getLastAccessTime()) > oldest);
  }

  private static String build(PollerInfo poller) {
    return poller.getDeploymentOptions().getBuildId();
  }

  private Optional<String> take(WorkerVersion mine, DescribeWorkerDeploymentResponse seen) {
    engine.setWorkerDeploymentCurrentVersion(
        SetWorkerDeploymentCurrentVersionRequest.newBuilder()
            .setNamespace(temporal.namespace())
            .setDeploymentName(mine.deployment())
            .setBuildId(mine.build())
            .setConflictToken(seen.getConflictToken())
            .build());
    LOG.info("New work goes to workers of {}", mine);
    return Optional.empty();
  }
}
