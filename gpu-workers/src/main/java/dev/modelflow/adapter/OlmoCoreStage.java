package dev.modelflow.adapter;

import dev.modelflow.adapter.Converter.Converted;
import dev.modelflow.adapter.OutsideProgress.Lost;
import dev.modelflow.adapter.SavedSteps.Saved;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.AdoptedCheckpoint;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.engine.stage.LostFooting;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageRows;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageStart;
import dev.modelflow.engine.stage.StageState;
import dev.modelflow.engine.stage.StepBatch;
import dev.modelflow.objects.Folders;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One attempt at a stage with OLMo-core's trainer under {@code torchrun}: it gets the rows that our
 * engine would see and the weights and moments that it would begin with; each checkpoint that it
 * saves becomes one of ours.
 */
final class OlmoCoreStage {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Importing PyTorch takes its time, and the model is read and spread over the devices. */
  private static final Duration LONGEST_START = Duration.ofMinutes(30);

  private static final Duration LONGEST_CONVERSION = Duration.ofMinutes(30);

  private final StageSpec spec;
  private final StageEvents events;
  private final StageStart start;
  private final OlmoCorePlan plan;
  private final RowFiles rows;

  /** The same rows once more: files are written ahead of what was seen. */
  private final StageRows seen;

  private final OutsideProgress progress;
  private final SavedSteps saved;
  private final HeldCheckpoints held;
  private @Nullable Path last;
  private int lastStep;

  private OlmoCoreStage(
      StageSpec spec,
      StageEvents events,
      OlmoCorePlan plan,
      RowFiles rows,
      StageRows seen,
      Converter converter) {
    this.spec = spec;
    this.events = events;
    this.start = plan.start();
    this.plan = plan;
    this.rows = rows;
    this.seen = seen;
    progress =
        new OutsideProgress(plan.progressFile(), spec.settings(), start.step(), rows, events);
    saved = new SavedSteps(plan.saveFolder(), start.step());
    held = new HeldCheckpoints(converter, progress);
  }

  /**
   * Trains to the last step, or until a stop is asked for.
   *
   * @param python the interpreter that has OLMo-core
   * @param folder for the attempt's own files
   */
  static StageResult run(
      StageSpec spec, OutsideDevice device, String python, Path folder, StageEvents events)
      throws IOException {
    StageStart start = StageStart.of(spec, folder.resolve("start"), events);
    try (StageRows order = StageRows.of(spec, start.model(), start.tokenizer(), events)) {
      OlmoCorePlan plan =
          new OlmoCorePlan(spec, start, GuardState.before(spec), order.rowLength(), device, folder);
      return run(plan, order, python, events);
    }
  }

  private static StageResult run(
      OlmoCorePlan plan, StageRows order, String python, StageEvents events) throws IOException {
    plan.requireFollowed();
    StageSpec spec = plan.spec();
    StageState.warnOfPrecision(spec, events);
    StageStart start = plan.start();
    OutsideDevice device = plan.device();
    Path folder = plan.folder();
    Path scripts = folder.resolve("scripts");
    Scripts.unpack(scripts);
    String stage = plan.write().toString();
    RowFiles rows =
        new RowFiles(
            plan.rowsFolder(), order, plan.rows(), start.step(), plan.steps(), start.tokens());
    List<String> convert =
        List.of(python, scripts.resolve("olmo_core_convert.py").toString(), stage);
    List<String> train =
        List.of(
            python,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc-per-node=" + device.processes(),
            scripts.resolve("olmo_core_stage.py").toString(),
            stage);
    try (Converter converter = new Converter(convert, folder, device.environment());
        OutsideProcess trainer = OutsideProcess.start(train, folder, device.environment())) {
      return new OlmoCoreStage(spec, events, plan, rows, order.again(), converter).follow(trainer);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", stopped);
    }
  }

  private StageResult follow(OutsideProcess trainer) throws IOException, InterruptedException {
    boolean alive = true;
    while (alive) {
      // Asked before reading: what it wrote last is read all the same.
      alive = trainer.isAlive();
      rows.follow(progress.step());
      progress.read();
      if (!progress.hasStarted()) {
        progress.waits("OLMo-core to start", LONGEST_START);
      }
      keepCheckpoints();
      if (events.stopRequested() && !Files.exists(plan.stopFile())) {
        Files.createFile(plan.stopFile());
      }
      if (progress.lost() != null) {
        trainer.close();
      }
      if (alive) {
        Thread.sleep(POLL);
      }
    }
    int status = trainer.status();
    progress.ends();
    while (held.isAwaiting()) {
      keepCheckpoints();
      progress.waits("its last checkpoint to be converted", LONGEST_CONVERSION);
      Thread.sleep(POLL);
    }
    // Only now: what was saved before a crash is worth keeping.
    requireGood(status);
    held.requireWhole();
    return conclude();
  }

  private void keepCheckpoints() throws IOException {
    if (!progress.hasStarted()) {
      return;
    }
    for (Saved checkpoint : saved.next()) {
      held.add(checkpoint);
    }
    held.keep(this::keep);
  }

  private void keep(Converted converted) throws IOException {
    int step = converted.step();
    long tokens = rows.upTo(step);
    seen.skipTo(step);
    ObjectNode state =
        StageState.of(spec, step, tokens, StageState.learningRate(spec, step), seen.seen());
    long skipped = 0;
    if (plan.guarded()) {
      GuardState guard = plan.guardAfter(step);
      guard.addTo(state);
      skipped = guard.skipped() - plan.guardBefore().skipped();
    }
    last =
        AdoptedCheckpoint.of(
                converted.folder(),
                spec.output().resolve("step-" + step),
                start.model(),
                start.optimizerSteps() + step - start.step() - skipped,
                start.tokenizer().resolve(Tokenizer.FILE),
                state,
                events)
            .path();
    lastStep = step;
    events.checkpoint(step, tokens, last);
    Folders.delete(plan.saveFolder().resolve("step" + step));
  }

  private void requireGood(int status) {
    Lost lost = progress.lost();
    if (lost != null) {
      throw lostFooting(lost);
    }
    String error = progress.error();
    if (status == 0 && error == null) {
      return;
    }
    boolean refused = error != null && error.startsWith("OLMoConfigurationError");
    throw new StageFailure(
        refused ? FailureClass.RECIPE : FailureClass.PLATFORM,
        "OLMo-core ended with status %d: %s"
            .formatted(status, error == null ? "the attempt's log says why" : error));
  }

  private StageFailure lostFooting(Lost lost) {
    // From the first step on: OLMo-core tells of a loss some steps later.
    StepBatch read = seen.again().read(lost.step());
    return LostFooting.failure(
        spec.stage(),
        lost.seen(),
        spec.settings().number("learningRate", 0),
        read,
        read.lines(lost.step()));
  }

  private StageResult conclude() {
    if (last != null && lastStep == plan.steps()) {
      Map<String, Object> properties = Map.of("step", lastStep, "tokens", rows.upTo(lastStep));
      return new Done(Map.of("checkpoint", new Output(ArtifactKind.CHECKPOINT, last, properties)));
    }
    if (last != null && events.stopRequested()) {
      return new Stopped(lastStep);
    }
    throw new StageFailure(
        FailureClass.PLATFORM,
        "OLMo-core ended after step %d of %d without a checkpoint of its last step"
            .formatted(progress.step(), plan.steps()));
  }
}
