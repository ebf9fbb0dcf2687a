package dev.modelflow.pool;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.ResumePoint;
import dev.modelflow.worker.StageContext;
import dev.modelflow.worker.StageFailedException;
import dev.modelflow.worker.StageOutput;
import dev.modelflow.worker.StageStoppedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt under the trainer contract, from the trainer's start to its end. */
final class TrainerSession {
  private static final Logger LOG = LoggerFactory.getLogger(TrainerSession.class);
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration EXIT = Duration.ofSeconds(10);

  /** How long ranks may take to end of themselves after one of them has fallen. */
  private static final Duration LAST_MOMENTS = Duration.ofSeconds(2);

  private final TrainerSetup setup;
  private final StageContext context;
  private final TrainerRanks trainer;
  private final CheckpointUploads uploads;
  private long lastHeard = System.nanoTime();
  private long stopAskedAt;
  private boolean stopAsked;
  private long fellAt;
  private boolean fell;
  private boolean started;
  private boolean stopped;
  private @Nullable Map<String, TrainerEvent.Output> outputs;

  TrainerSession(
      TrainerSetup setup, StageContext context, TrainerRanks trainer, CheckpointUploads uploads) {
    this.setup = setup;
    this.context = context;
    this.trainer = trainer;
    this.uploads = uploads;
  }

  /** Follows the trainer to its end; what it made, or why not. */
  Map<String, StageOutput> follow() throws InterruptedException {
    boolean running = true;
    while (running) {
      TrainerEvent event = trainer.next(WAIT);
      if (event != null) {
        running = handle(event);
        // The ledger may have let us wait meanwhile; the trainer's next words wait in the queue.
        lastHeard = System.nanoTime();
      }
      uploads.throwFailure();
      watch();
    }
    List<TrainerEnd> ends = trainer.end(EXIT, LAST_MOMENTS);
    uploads.await();
    return conclude(ends);
  }

  private boolean handle(TrainerEvent event) {
    switch (event) {
      case TrainerEvent.Started begun -> started(begun);
      case TrainerEvent.Progress now ->
          context.progress(now.step(), now.totalSteps(), now.tokensPerSecond());
      case TrainerEvent.Metrics numbers -> context.metrics(numbers.step(), numbers.values());
      case TrainerEvent.Checkpoint checkpoint -> checkpoint(checkpoint);
      case TrainerEvent.Evaluated evaluated -> context.evaluation(evaluated.result());
      case TrainerEvent.Log log -> context.event(log.level(), log.message());
      case TrainerEvent.Done done -> outputs = done.outputs();
      case TrainerEvent.Stopped end -> stopped = true;
      case TrainerEvent.Failed failed -> LOG.info("[{}] {}", context.stage(), failed.message());
      case TrainerEvent.Unknown unknown -> {
        context.log(unknown.text());
        LOG.warn("[{}] not an event of the contract: {}", context.stage(), unknown.text());
      }
      case TrainerEvent.End end -> {
        return false;
      }
    }
    return true;
  }

  private void started(TrainerEvent.Started begun) {
    long asked = context.resume().map(ResumePoint::step).orElse(0L);
    if (begun.step() != asked) {
      trainer.kill();
      throw StageFailedException.ofTrainer(
          ("The trainer of stage '%s' continues after step %d but was given the checkpoint of step %d;"
                  + " it was stopped before it could write anything. Mend the trainer's resume")
              .formatted(context.stage(), begun.step(), asked));
    }
    started = true;
    context.progress(begun.step(), begun.totalSteps(), null);
    if (context.resume().isPresent()) {
      context.resumed(begun.step());
    }
  }

  private void checkpoint(TrainerEvent.Checkpoint checkpoint) {
    if (!started) {
      throw StageFailedException.ofTrainer(
          "The trainer announced the checkpoint of step %d before it said where it starts"
              .formatted(checkpoint.step()));
    }
    uploads.add(checkpoint, inside(checkpoint.path()));
  }

  /** Only folders in the attempt's own working folder can be kept. */
  private Path inside(String path) {
    Path folder = context.workFolder().toAbsolutePath().normalize();
    Path named = folder.resolve(path).normalize();
    if (!named.startsWith(folder) || !Files.isDirectory(named)) {
      throw StageFailedException.ofTrainer(
          "The trainer named '%s', which is not a folder inside its working folder"
              .formatted(path));
    }
    return named;
  }

  private void watch() {
    long now = System.nanoTime();
    if (context.overtaken()) {
      trainer.kill();
      throw new StageStoppedException("A newer attempt began");
    }
    if (context.stopRequested() && !stopAsked) {
      stopAsked = true;
      stopAskedAt = now;
      trainer.terminate();
    }
    if (stopAsked && now - stopAskedAt > setup.grace().toNanos()) {
      LOG.warn("[{}] no end within {} of SIGTERM; killing", context.stage(), setup.grace());
      trainer.kill();
    }
    if (trainer.anyFell() && !fell) {
      fell = true;
      fellAt = now;
    }
    if (fell && now - fellAt > LAST_MOMENTS.toNanos()) {
      trainer.kill();
    }
    if (now - lastHeard > setup.silence().toNanos()) {
      trainer.kill();
      throw TrainerFault.of(
          "The trainer said nothing for %d seconds and was killed%s"
              .formatted(setup.silence().toSeconds(), tail()),
          context.workFolder());
    }
  }

  private Map<String, StageOutput> conclude(List<TrainerEnd> ends) {
    TrainerEnd end = TrainerEnd.decisive(ends);
    end.failure().ifPresent(this::fail);
    if (outputs != null && ends.getFirst().status() == 0) {
      return keep(outputs);
    }
    if (end.status() == DeviceLocks.TAKEN && !started) {
      throw new StageFailedException(
          FailureClass.PLATFORM,
          "The device is still held by a trainer that outlived its worker: end that one, or wait");
    }
    if (stopAsked) {
      throw new StageStoppedException(
          stopped ? "Stopped as it was asked to" : "Ended without saying that it stopped");
    }
    throw TrainerFault.of(end.describe(ends.size()), context.workFolder());
  }

  private void fail(TrainerEvent.Failed failure) {
    throw failure.failureClass() == FailureClass.PLATFORM
        ? TrainerFault.of(failure.message(), context.workFolder())
        : new StageFailedException(failure.failureClass(), failure.message());
  }

  private Map<String, StageOutput> keep(Map<String, TrainerEvent.Output> done) {
    Map<String, StageOutput> kept = new LinkedHashMap<>();
    done.forEach((name, output) -> kept.put(name, keep(output)));
    return kept;
  }

  // A checkpoint that was announced keeps the identity under which it was committed.
  private StageOutput keep(TrainerEvent.Output output) {
    Path folder = inside(output.path());
    TrainerEvent.@Nullable Checkpoint announced = uploads.announced(folder);
    Map<String, String> properties =
        announced == null
            ? output.properties()
            : StageContext.checkpointProperties(announced.step(), announced.tokens());
    return new StageOutput(ArtifactKind.of(output.kind()), folder, properties);
  }

  private String tail() {
    String text = trainer.errorTail();
    return text.isEmpty() ? "" : "; its last words:\n" + text;
  }
}
