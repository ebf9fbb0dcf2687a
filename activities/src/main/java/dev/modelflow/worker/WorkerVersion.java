package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.workflow.FlowWorkflowImpl;
import dev.modelflow.workflow.TaskQueues;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The version as which a worker takes work from some queues. Workflows with the ledger's calls, and
 * each pool's attempts, are upgraded by themselves: they are deployments of their own.
 *
 * @param deployment the workers that share the queues
 * @param build digest of the code that does the work; empty for a worker without versions
 * @param queue one of the queues
 * @param type what lies in that queue
 */
record WorkerVersion(String deployment, String build, String queue, TaskQueueType type) {
  private static final String PLATFORM = "dev.modelflow";

  /** That of the workflows and of the ledger's calls. */
  static WorkerVersion ofFlows(boolean versioned) {
    return new WorkerVersion(
        "modelflow",
        versioned ? platform() : "",
        TaskQueues.FLOWS,
        TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);
  }

  /** That of a pool's attempts, which {@code code} does: kind of stage → version. */
  static WorkerVersion ofPool(String pool, Map<String, String> code, boolean versioned) {
    return new WorkerVersion(
        // Temporal takes no dots in the name.
        "modelflow-" + pool.replace('.', '_'),
        versioned ? Digest.of(platform() + new TreeMap<>(code)).brief() : "",
        pool,
        TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY);
  }

  private static String platform() {
    return CodeVersion.of(
        List.of(),
        new CodeVersion.Part(FlowWorkflowImpl.class, PLATFORM),
        new CodeVersion.Part(Ledger.class, PLATFORM),
        new CodeVersion.Part(WorkerVersion.class, PLATFORM));
  }

  /** Options of a worker of this version. Runs that began on an older one go on with the newest. */
  WorkerOptions.Builder options() {
    WorkerOptions.Builder options = WorkerOptions.newBuilder();
    if (!build.isEmpty()) {
      options.setDeploymentOptions(
          WorkerDeploymentOptions.newBuilder()
              .setUseVersioning(true)
              .setVersion(new WorkerDeploymentVersion(deployment, build))
              .setDefaultVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
              .build());
    }
    return options;
  }

  @Override
  public String toString() {
    return deployment + " " + (build.isEmpty() ? "without versions" : build);
  }
}
