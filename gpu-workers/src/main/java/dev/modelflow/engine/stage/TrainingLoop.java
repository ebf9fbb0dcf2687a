package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Output;
import dev.modelflow.engine.stage.StageResult.Stopped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a stage's steps one after the other, with its events, checkpoints and stop. */
final class TrainingLoop {
  private final Session session;
  private final StageEvents events;
  private final LearningRate rate;
  private final int checkpointEvery;
  private final int metricsEvery;

  /** Of the latest steps, how many in a row had an infinite gradient norm. */
  private int infinite;

  TrainingLoop(Session session, StageEvents events, LearningRate rate) {
    Settings settings = session.spec().settings();
    this.session = session;
    this.events = events;
    this.rate = rate;
    checkpointEvery = settings.integer("checkpointEvery", 1, Integer.MAX_VALUE);
    metricsEvery = settings.integer("metricsEvery", 1);
  }

  /** What a stage must do between its start and its first step, such as making its own data. */
  interface Preparation {
    StepMaker prepare() throws IOException;
  }

  /** The step that the stage continues after; 0 at its beginning. */
  static int firstStep(StageSpec spec) {
    return spec.resume() == null ? 0 : spec.resume().step();
  }

  /** Runs to the last step, or until a stop is asked for. */
  StageResult run(Preparation preparation) throws IOException {
    int first = firstStep(session.spec());
    int last = rate.steps();
    long tokens = session.tokensBefore();
    events.started(first, last);
    StageState.warnOfPrecision(session.spec(), events);
    StepMaker maker = preparation.prepare();
    try (CheckpointWriter checkpoints = new CheckpointWriter(session, events, maker, rate)) {
      if (events.stopRequested()) {
        // The attempt before has announced the checkpoint that this one went on from.
        if (session.spec().resume() == null) {
          checkpoints.write(first, tokens);
          checkpoints.await();
        }
        return new Stopped(first);
      }
      maker.skip(first);
      return steps(maker, first, tokens, checkpoints);
    }
  }

  private StageResult steps(
      StepMaker maker, int first, long tokensBefore, CheckpointWriter checkpoints)
      throws IOException {
    int last = rate.steps();
    long tokens = tokensBefore;
    Curves curves = new Curves();
    Path checkpoint = null;
    for (int step = first + 1; step <= last; step++) {
      StepMaker.Report report = maker.make(step, rate.at(step));
      tokens += report.tokens();
      curves.add(report, rate.at(step));
      requireFinite(step, report, maker);
      warnOfSkipped(step, report);
      events.progress(step, last, tokens, curves.tokensPerSecond());
      if (step % metricsEvery == 0 || step == last) {
        events.metrics(step, curves.point());
      }
      boolean stop = events.stopRequested() && step < last;
      checkpoints.throwFailure();
      if (step % checkpointEvery == 0 || step == last || stop) {
        checkpoint = checkpoints.write(step, tokens);
      }
      checkpoints.sayHeldUp(step);
      if (stop) {
        checkpoints.await();
        return new Stopped(step);
      }
    }
    if (checkpoint == null) {
      checkpoint = checkpoints.write(last, tokens);
    }
    checkpoints.await();
    return done(checkpoint, tokens);
  }

  private StageResult done(Path checkpoint, long tokens) {
    Map<String, Object> properties = Map.of("step", rate.steps(), "tokens", tokens);
    return new Done(
        Map.of("checkpoint", new Output(ArtifactKind.CHECKPOINT, checkpoint, properties)));
  }

  private void requireFinite(int step, StepMaker.Report report, StepMaker maker) {
    double norm = report.values().getOrDefault(GuardState.GRADIENT_NORM, 0.0);
    infinite = Double.isInfinite(norm) ? infinite + 1 : 0;
    // A guard may leave out some steps: a window of nothing else is a model that learns no more.
    boolean skipped = isSkipped(report) && infinite < session.guard().window();
    for (Map.Entry<String, Double> value : report.values().entrySet()) {
      if (!Double.isFinite(value.getValue())
          && !GuardState.bears(value.getKey(), value.getValue(), skipped)) {
        StepBatch read = maker.latest();
        throw LostFooting.failure(
            session.spec().stage(),
            "%s is %s at step %d".formatted(value.getKey(), value.getValue(), step),
            rate.peak(),
            read,
            session.ranks().leads() ? read.lines(step) : List.of());
      }
    }
  }

  private void warnOfSkipped(int step, StepMaker.Report report) {
    if (isSkipped(report)) {
      Map<String, Double> values = report.values();
      GuardState.warn(
          events,
          step,
          values.getOrDefault("loss", Double.NaN),
          values.getOrDefault(GuardState.GRADIENT_NORM, Double.NaN));
    }
  }

  private static boolean isSkipped(StepMaker.Report report) {
    return report.counts().getOrDefault(GuardState.SKIPPED_STEPS, 0L) > 0;
  }
}
