package dev.modelflow.dispatch;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.objects.Together;
import dev.modelflow.worker.EngineFault;
import dev.modelflow.worker.SearchSetup;
import dev.modelflow.worker.TemporalClients;
import dev.modelflow.worker.TemporalConfig;
import dev.modelflow.workflow.FlowWorkflow;
import dev.modelflow.workflow.SearchKeys;
import dev.modelflow.workflow.TaskQueues;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the workflow engine in step with the ledger: starts the workflow of every run in the outbox
 * and of every unfinished run that the engine does not know (it may have lost its memory), and
 * forwards requests to cancel. Several may run at once; all they do is harmless when repeated.
 */
public final class RunDispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDispatcher.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration FAILED = Duration.ofMillis(500);
  private static final Duration SETUP = Duration.ofSeconds(5);
  private static final Duration CANCELS = Duration.ofMillis(500);
  private static final Duration SURVEY = Duration.ofSeconds(5);

  /** Asking for very many runs is work for the engine, so the next time comes later. */
  private static final Duration SURVEY_PER_RUN = Duration.ofMillis(20);

  private static final int CALLS_AT_ONCE = 8;

  /** An engine that has lost its memory refuses what it will know again in a moment. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Answers that may be about one run and not about the engine. */
  private static final Set<Status.Code> REFUSALS =
      EnumSet.of(
          Status.Code.INVALID_ARGUMENT, Status.Code.FAILED_PRECONDITION, Status.Code.INTERNAL);

  private final Ledger ledger;
  private final WorkflowServiceStubs stubs;
  private final TemporalConfig temporal;
  private final WorkflowClient client;
  private final Refusals refusals;
  private final List<Thread> threads;
  private volatile Optional<String> unsearchable = Optional.empty();

  /** Begins to dispatch at once. */
  public RunDispatcher(Ledger ledger, TemporalConfig temporal) {
    this(ledger, temporal, PATIENCE);
  }

  /** Takes a run that the engine has refused for {@code patience} for one that cannot run. */
  RunDispatcher(Ledger ledger, TemporalConfig temporal, Duration patience) {
    this.ledger = ledger;
    this.refusals = new Refusals(patience);
    this.temporal = temporal;
    this.stubs = TemporalClients.stubs(temporal);
    this.client = TemporalClients.client(stubs, temporal);
    Rhythm setup = new Rhythm();
    Rhythm cancels = new Rhythm();
    Rhythm survey = new Rhythm();
    this.threads =
        List.of(
            begin(
                "dispatcher",
                () -> {
                  setup.whenDue(this::setUp);
                  startAll(ledger.runs().outbox(), this::startFromOutbox);
                }),
            begin("cancels", () -> cancels.whenDue(this::forwardCancels)),
            begin("survey", () -> survey.whenDue(this::lookForLost)));
  }

  private Thread begin(String name, Runnable work) {
    return Thread.ofVirtual().name(name).start(() -> repeat(work));
  }

  private void repeat(Runnable work) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        work.run();
      } catch (StatusRuntimeException | WorkflowServiceException answer) {
        LOG.warn("Could not dispatch: {}; trying again", EngineFault.explain(answer, temporal));
        rest(FAILED);
      } catch (RuntimeException failure) {
        if (!Thread.currentThread().isInterrupted()) {
          LOG.warn("Could not dispatch: {}; trying again", failure.getMessage());
        }
        rest(FAILED);
      }
      rest(POLL);
    }
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Several at a time. What the engine refuses of one run is logged and does not keep the others
   * waiting; any other failure is everybody's and ends the rest that has not begun.
   */
  private void each(List<String> runs, Consumer<String> work) {
    AtomicBoolean refused = new AtomicBoolean();
    Together.each(
        runs,
        CALLS_AT_ONCE,
        run -> {
          try {
            work.accept(run);
          } catch (StatusRuntimeException | WorkflowServiceException answer) {
            if (!REFUSALS.contains(Status.fromThrowable(answer).getCode())) {
              throw answer;
            }
            refused.set(true);
            LOG.warn(
                "Could not dispatch run {}: {}; trying again",
                run,
                EngineFault.explain(answer, temporal));
          }
        });
    if (refused.get()) {
      rest(FAILED);
    }
  }

  /**
   * An engine that lost its memory lost the search attributes too. The one in memory refuses a
   * workflow that carries attributes which it does not know, but lists it as running ever after.
   */
  private void startAll(List<String> runs, Consumer<String> start) {
    if (!runs.isEmpty()) {
      setUp();
      each(runs, start);
    }
  }

  private synchronized Duration setUp() {
    TemporalClients.ensureNamespace(stubs, temporal);
    learnWhetherSearchable();
    return SETUP;
  }

  private Duration forwardCancels() {
    each(ledger.runs().cancelling(), this::forwardCancel);
    return CANCELS;
  }

  private Duration lookForLost() {
    List<String> unfinished = ledger.runs().unfinished();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    each(unfinished, run -> addWhenUnknown(run, lost));
    startAll(List.copyOf(lost), this::startLost);
    Duration pause = SURVEY_PER_RUN.multipliedBy(unfinished.size());
    return pause.compareTo(SURVEY) > 0 ? pause : SURVEY;
  }

  private void learnWhetherSearchable() {
    Optional<String> obstacle = SearchSetup.ensure(stubs, temporal);
    if (!obstacle.equals(unsearchable)) {
      obstacle.ifPresent(
          why -> LOG.warn("Temporal's pages cannot find runs by their ids and projects: {}", why));
    }
    unsearchable = obstacle;
  }

  private void startFromOutbox(String runId) {
    try {
      start(runId);
    } catch (StatusRuntimeException | WorkflowServiceException answer) {
      if (!isLastWord(runId, Status.fromThrowable(answer).getCode())) {
        throw answer;
      }
      String why = EngineFault.explain(answer, temporal);
      LOG.warn("Run {} cannot be started: {}", runId, why);
      ledger.runs().refuse(runId, "The run cannot be started: " + why);
      refusals.forget(runId);
      return;
    }
    refusals.forget(runId);
    ledger.runs().dispatched(runId);
  }

  /** Who asked for a run to be cancelled waits for nothing else. */
  private boolean isLastWord(String runId, Status.Code answer) {
    if (!REFUSALS.contains(answer)) {
      return false;
    }
    boolean refusedForGood = answer == Status.Code.INVALID_ARGUMENT && refusals.isForGood(runId);
    return refusedForGood || ledger.runs().get(runId).status() == RunStatus.CANCELLING;
  }

  private void addWhenUnknown(String runId, Queue<String> lost) {
    if (!lives(runId)) {
      lost.add(runId);
    }
  }

  private void startLost(String runId) {
    LOG.info("The workflow engine does not know run {}; starting it from the ledger", runId);
    start(runId);
  }

  private SearchAttributes attributes(String runId) {
    if (unsearchable.isPresent()) {
      return SearchAttributes.EMPTY;
    }
    Run run = ledger.runs().get(runId);
    return SearchKeys.run(runId, run.project(), run.name());
  }

  private void start(String runId) {
    FlowWorkflow flow =
        client.newWorkflowStub(
            FlowWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(runId)
                .setTaskQueue(TaskQueues.FLOWS)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setTypedSearchAttributes(attributes(runId))
                .build());
    try {
      WorkflowClient.start(flow::carry, runId);
    } catch (WorkflowExecutionAlreadyStarted running) {
      LOG.debug("Run {} has its workflow", runId);
    }
  }

  private boolean lives(String runId) {
    try {
      return client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                      .build())
              .getWorkflowExecutionInfo()
              .getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw answer;
    }
  }

  private void forwardCancel(String runId) {
    try {
      client.newUntypedWorkflowStub(runId).cancel();
    } catch (WorkflowNotFoundException gone) {
      LOG.debug("Run {} has no workflow to cancel", runId);
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    stubs.shutdownNow();
  }
}
