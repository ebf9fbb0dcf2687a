package dev.modelflow.worker;

import com.google.protobuf.util.Durations;
import dev.modelflow.workflow.TaskQueues;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How the workflow engine stands, seen without changing it.
 *
 * @param retention how long the namespace keeps histories; empty where it does not say
 * @param unsearchable why workflows carry no search attributes; empty when they may
 * @param idle queues from which nobody takes tasks; empty where the engine does not say
 */
public record EngineProbe(
    Optional<Duration> retention, Optional<String> unsearchable, Optional<List<String>> idle) {
  private static final int SECONDS = 10;

  /** Copies the list. */
  public EngineProbe {
    idle = idle.map(List::copyOf);
  }

  /**
   * Asks the engine.
   *
   * @param pools queues of attempts that should have workers
   * @throws StatusRuntimeException when it is away, refuses, or has no such namespace; {@link
   *     EngineFault#explain} says which
   */
  public static EngineProbe of(TemporalConfig config, List<String> pools) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(config);
    try {
      WorkflowServiceBlockingStub engine =
          EngineChannel.inNamespace(stubs.blockingStub(), config)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
      NamespaceConfig namespace =
          engine
              .describeNamespace(
                  DescribeNamespaceRequest.newBuilder().setNamespace(config.namespace()).build())
              .getConfig();
      Optional<Duration> retention =
          namespace.hasWorkflowExecutionRetentionTtl()
              ? Optional.of(
                  Duration.ofSeconds(
                      Durations.toSeconds(namespace.getWorkflowExecutionRetentionTtl())))
              : Optional.empty();
      return new EngineProbe(
          retention, SearchSetup.look(stubs, config), idle(engine, config, pools));
    } finally {
      stubs.shutdownNow();
    }
  }

  private static Optional<List<String>> idle(
      WorkflowServiceBlockingStub engine, TemporalConfig config, List<String> pools) {
    List<String> idle = new ArrayList<>();
    try {
      if (!polled(engine, config, TaskQueues.FLOWS, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)) {
        idle.add(TaskQueues.FLOWS);
      }
      for (String pool : pools) {
        if (!polled(engine, config, pool, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)) {
          idle.add(pool);
        }
      }
      return Optional.of(idle);
    } catch (StatusRuntimeException answer) {
      // The engine in memory does not say.
      if (answer.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw answer;
    }
  }

  private static boolean polled(
      WorkflowServiceBlockingStub engine, TemporalConfig config, String queue, TaskQueueType type) {
    return engine
            .describeTaskQueue(
                DescribeTaskQueueRequest.newBuilder()
                    .setNamespace(config.namespace())
                    .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                    .setTaskQueueType(type)
                    .build())
            .getPollersCount()
        > 0;
  }
}
