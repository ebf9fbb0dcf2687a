package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a stage's checkpoints, and announces them, in a thread of its own. A step waits only where
 * weights and moments are not yet copied when it is to change them, and for the checkpoint before
 * when that is not yet written. Of several ranks the leading one writes.
 */
final class CheckpointWriter implements AutoCloseable {
  private final Session session;
  private final StageEvents events;
  private final StepMaker maker;
  private final LearningRate rate;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("checkpoints").daemon(true).factory());
  private @Nullable Future<?> pending;
  private long handingOver;
  private long said;

  CheckpointWriter(Session session, StageEvents events, StepMaker maker, LearningRate rate) {
    this.session = session;
    this.events = events;
    this.maker = maker;
    this.rate = rate;
  }

  /**
   * Has the checkpoint of this step written, from what is true now; all ranks call this together.
   *
   * @return its folder, which is there once it was announced
   */
  Path write(int step, long tokens) throws IOException {
    long start = System.nanoTime();
    await();
    CheckpointFolder folder =
        new CheckpointFolder(session.spec().output().resolve("step-" + step), events);
    session.snapshot().begin();
    if (session.ranks().leads()) {
      Notes notes = notes(step, tokens);
      pending =
          thread.submit(
              () -> {
                write(folder, session.snapshot().take(), notes.state(session.spec()));
                events.checkpoint(step, tokens, folder.path());
                return null;
              });
    }
    handingOver += System.nanoTime() - start;
    return folder.path();
  }

  /** Says how long training waited for checkpoints since this was called last, if it did. */
  void sayHeldUp(int step) {
    long nanos = handingOver + session.snapshot().waitedNanos() - said;
    if (nanos > 0) {
      said += nanos;
      events.heldUp(step, nanos / 1e9);
    }
  }

  private Notes notes(int step, long tokens) {
    return new Notes(
        step,
        tokens,
        rate.at(step),
        maker.seen(),
        session.optimizer().steps(),
        session.guard().state());
  }

  /** What the checkpoint of a step notes beside its weights, kept until it is written. */
  private record Notes(
      int step,
      long tokens,
      double learningRate,
      List<Seen> seen,
      long optimizerSteps,
      Optional<GuardState> guard) {
    ObjectNode state(StageSpec spec) throws IOException {
      ObjectNode state = StageState.of(spec, step, tokens, learningRate, seen);
      state.put("optimizerSteps", optimizerSteps);
      guard.ifPresent(it -> it.addTo(state));
      return state;
    }
  }

  private void write(CheckpointFolder folder, Snapshot.Copy taken, ObjectNode state)
      throws IOException {
    folder.write(
        session.model(),
        taken.weights(),
        taken.moments(),
        session.tokenizerFolder().resolve(Tokenizer.FILE),
        state);
  }

  /** Throws what kept the last checkpoint from being written, if that is known by now. */
  void throwFailure() throws IOException {
    if (pending != null && pending.isDone()) {
      await();
    }
  }

  /** Waits until every checkpoint is written and announced; throws what kept one from it. */
  void await() throws IOException {
    if (pending == null) {
      return;
    }
    Future<?> writing = pending;
    try {
      writing.get();
      pending = null;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while a checkpoint was written");
    } catch (ExecutionException failure) {
      pending = null;
      switch (failure.getCause()) {
        case IOException unwritable -> throw unwritable;
        case RuntimeException refused -> throw refused;
        case null, default -> throw new IllegalStateException(failure.getCause());
      }
    }
  }

  /** Lets the checkpoint that is being written be finished, unless this thread is interrupted. */
  @Override
  public void close() {
    thread.close();
  }
}
