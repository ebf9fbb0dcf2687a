package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.FencedException;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.MissingInputException;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ArtifactCache;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreException;
import dev.modelflow.objects.Uploads;
import dev.modelflow.run.Reuse;
import dev.modelflow.workflow.StageActivities;
import dev.modelflow.workflow.StageTask;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Runs attempts at stages with the executors of one worker. */
public final class AttemptRunner implements StageActivities {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

  private final Ledger ledger;
  private final Tasks tasks;
  private final Uploads uploads;
  private final ArtifactCache cache;
  private final Path work;
  private final String workerId;
  private final Map<StageKind, StageExecutor> executors = new EnumMap<>(StageKind.class);
  private final Set<String> doing = ConcurrentHashMap.newKeySet();
  private final Set<Pulse> pulses = ConcurrentHashMap.newKeySet();
  private volatile WorkerDuty duty = WorkerDuty.READY;
  private volatile boolean shuttingDown;

  /**
   * A runner for one worker.
   *
   * @param cache where inputs are kept between attempts; trimmed after each
   * @param work folder of this worker's own
   */
  public AttemptRunner(
      Ledger ledger,
      ObjectStore store,
      ArtifactCache cache,
      Path work,
      String workerId,
      List<StageExecutor> executors) {
    this.ledger = ledger;
    this.tasks = new Tasks(ledger);
    this.uploads = new Uploads(store, ledger.owners()::claim);
    this.cache = cache;
    this.work = work;
    this.workerId = workerId;
    for (StageExecutor executor : executors) {
      executor.kinds().forEach(kind -> this.executors.put(kind, executor));
    }
  }

  /** What can be done here, mostly kinds of stages → version of the code that does it. */
  public Map<String, String> codeVersions() {
    Map<String, String> versions = new TreeMap<>();
    Set.copyOf(executors.values()).forEach(executor -> versions.putAll(executor.codeVersions()));
    return versions;
  }

  /** What runs now, in words for people. */
  public Set<String> doing() {
    return Set.copyOf(doing);
  }

  /** Asks everything that runs to stop with a last checkpoint, because the worker shuts down. */
  void shutDown() {
    shuttingDown = true;
    pulses.forEach(pulse -> pulse.stop(StopReason.SHUTDOWN));
  }

  /** What the worker was told to do last. */
  WorkerDuty duty() {
    return duty;
  }

  /**
   * From now on refuses new attempts, or takes them, as the worker was told; where it is drained,
   * asks everything that runs to stop with a last checkpoint.
   */
  void obey(WorkerDuty told) {
    duty = told;
    if (told == WorkerDuty.DRAINED) {
      pulses.forEach(pulse -> pulse.stop(StopReason.DRAINED));
    }
  }

  @Override
  public StageStatus attempt(StageTask task) {
    // Work that was asked for before the worker was told to take none still comes.
    if (duty != WorkerDuty.READY) {
      throw stop("Worker '%s' is %s; another one takes the attempt".formatted(workerId, duty));
    }
    return tasks.stage(task).map(stage -> attempt(task, stage)).orElse(StageStatus.CANCELLED);
  }

  private StageStatus attempt(StageTask task, Stage stage) {
    StageExecutor executor = executors.get(stage.kind());
    if (executor == null) {
      throw failure(
          FailureClass.RECIPE.word(),
          "Pool '%s' does no stages of kind '%s'; it does: %s"
              .formatted(task.pool(), stage.kind(), codeVersions().keySet()));
    }
    Optional<Fence> fence = ledger.attempts().begin(stage, workerId, AttemptEnvironment.describe());
    if (fence.isEmpty()) {
      Stage now = ledger.stages().get(stage.id());
      return now.ended() ? now.status() : StageStatus.CANCELLED;
    }
    String label = stage.runId() + "/" + stage.name();
    doing.add(label);
    try {
      return attempt(stage, fence.get(), executor);
    } finally {
      doing.remove(label);
    }
  }

  /**
   * How the stage of an attempt stands that may no longer write. The ledger may have been restored
   * to a state in which it does not know the stage.
   */
  private StageStatus standing(Fence fence) {
    return ledger
        .stages()
        .find(fence.runId(), fence.stage())
        .map(Stage::status)
        .orElse(StageStatus.CANCELLED);
  }

  private StageStatus attempt(Stage stage, Fence fence, StageExecutor executor) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    Path folder = work.resolve(stage.runId() + "-" + stage.name() + "-" + fence.epoch());
    Pulse pulse = new Pulse(ledger.attempts(), fence, activity::heartbeat);
    pulses.add(pulse);
    // It may have been told in between.
    if (shuttingDown) {
      pulse.stop(StopReason.SHUTDOWN);
    } else if (duty == WorkerDuty.DRAINED) {
      pulse.stop(StopReason.DRAINED);
    }
    try (pulse) {
      return execute(stage, fence, executor, pulse, folder);
    } catch (FencedException overtaken) {
      LOG.info("{}", overtaken.getMessage());
      return standing(fence);
    } catch (StageStoppedException stopped) {
      return stopped(fence, pulse, pulse.stopReason().orElse(StopReason.SHUTDOWN));
    } catch (InterruptedException stopped) {
      try {
        return stopped(fence, pulse, StopReason.SHUTDOWN);
      } finally {
        Thread.currentThread().interrupt();
      }
    } catch (StageFailedException failed) {
      throw fail(fence, pulse, failed);
    } catch (MissingInputException missing) {
      throw fail(
          fence,
          pulse,
          new StageFailedException(FailureClass.RECIPE, String.valueOf(missing.getMessage())));
    } catch (Exception unexpected) {
      LOG.error("Attempt {} of {} failed", fence.epoch(), fence.stage(), unexpected);
      pulse.log(stackTrace(unexpected));
      throw fail(
          fence, pulse, new StageFailedException(FailureClass.PLATFORM, unexpected.toString()));
    } finally {
      pulses.remove(pulse);
      WorkFolder.delete(folder);
      trimCache();
    }
  }

  /** How the attempt ended matters more. */
  private void trimCache() {
    try {
      cache.trim();
    } catch (UncheckedIOException | ObjectStoreException failure) {
      LOG.warn("{}", failure.getMessage(), failure);
    }
  }

  private static String stackTrace(Exception failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private StageStatus execute(
      Stage stage, Fence fence, StageExecutor executor, Pulse pulse, Path folder) throws Exception {
    Run run = ledger.runs().get(stage.runId());
    WorkFolder.fresh(folder);
    PreparedInputs inputs = PreparedInputs.fetch(ledger, cache, stage, folder.resolve("inputs"));
    String version = identify(run, stage, fence, executor, inputs.read());
    pulse.log("Attempt %d on worker %s, code %s".formatted(fence.epoch(), workerId, version));
    AttemptContext context =
        new AttemptContext(
            run,
            stage,
            fence,
            ledger.attempts(),
            uploads,
            pulse,
            inputs,
            WorkFolder.fresh(folder.resolve("work")));
    Map<String, Manifest> outputs = context.upload(executor.execute(context));
    pulse.log("Done; outputs: " + String.join(", ", new TreeSet<>(outputs.keySet())));
    pulse.flush(said -> ledger.attempts().succeed(fence, outputs, inputs.digests(), said));
    return StageStatus.SUCCEEDED;
  }

  // The version known before the attempt may have been another worker's.
  private String identify(
      Run run, Stage stage, Fence fence, StageExecutor executor, Map<String, Digest> inputs) {
    String version =
        Objects.requireNonNullElse(
            executor.codeVersions().get(TrainerName.work(stage.kind(), stage.parameters())),
            executor.codeVersion(stage.kind()));
    Digest fingerprint = Reuse.fingerprint(run, stage, inputs, version);
    ledger.attempts().identify(fence, fingerprint, version);
    return version;
  }

  private StageStatus stopped(Fence fence, Pulse pulse, StopReason reason) {
    return switch (reason) {
      case CANCELLED -> cancelled(fence, pulse);
      case SHUTDOWN -> throw stop(fence, pulse, "worker '" + workerId + "' was ended");
      case DRAINED -> throw stop(fence, pulse, "worker '" + workerId + "' is drained");
      case OVERTAKEN -> standing(fence);
    };
  }

  private StageStatus cancelled(Fence fence, Pulse pulse) {
    try {
      lastWords(pulse, "Cancelled");
      ledger.attempts().cancel(fence);
    } catch (FencedException overtaken) {
      LOG.info("{}", overtaken.getMessage());
    }
    return StageStatus.CANCELLED;
  }

  private ApplicationFailure stop(Fence fence, Pulse pulse, String why) {
    String message = why + "; another attempt goes on from the last checkpoint";
    try {
      lastWords(pulse, "Stopped: " + message);
      ledger.attempts().stop(fence, message);
    } catch (FencedException overtaken) {
      LOG.info("{}", overtaken.getMessage());
    }
    return stop(message);
  }

  private static ApplicationFailure stop(String message) {
    return failure(StageActivities.STOPPED, message);
  }

  private ApplicationFailure fail(Fence fence, Pulse pulse, StageFailedException failure) {
    FailureClass failureClass = failure.failureClass();
    String message = String.valueOf(failure.getMessage());
    try {
      lastWords(pulse, "Failed (%s): %s".formatted(failureClass, message));
      ledger.attempts().fail(fence, failureClass, message);
    } catch (FencedException overtaken) {
      LOG.info("{}", overtaken.getMessage());
    }
    return failure(failure.isTrainers() ? StageActivities.TRAINER : failureClass.word(), message);
  }

  /** Writes what still waits; that an attempt ended matters more than what it said. */
  private static void lastWords(Pulse pulse, String text) {
    pulse.log(text);
    try {
      pulse.flush();
    } catch (DataAccessException | TransactionException failure) {
      LOG.warn("The end of a log could not be written: {}", failure.getMessage());
    }
  }

  private static ApplicationFailure failure(String type, String message) {
    return ApplicationFailure.newNonRetryableFailure(message, type);
  }
}
