package dev.modelflow.engine.stage;

import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.optim.Moments;
import dev.modelflow.text.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a stage's checkpoints, and announces them, in a thread of its own. A step waits only while
 * weights and moments are copied, and for the checkpoint before when that is not yet written. Of
 * several ranks the leading one writes.
 */
final class CheckpointWriter implements AutoCloseable {
  private final Session session;
  private final StageEvents events;
  private final StepMaker maker;
  private final LearningRate rate;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("checkpoints").daemon(true).factory());
  private @Nullable Copy copy;
  private @Nullable Future<?> pending;

  CheckpointWriter(Session session, StageEvents events, StepMaker maker, LearningRate rate) {
    this.session = session;
    this.events = events;
    this.maker = maker;
    this.rate = rate;
  }

  /**
   * Weights and moments at one moment, in the processor's memory, which serves one checkpoint after
   * the other.
   */
  private record Copy(Parameters weights, Moments moments) implements AutoCloseable {
    Copy(ParameterLayout layout) {
      this(Parameters.onHost(layout), new Moments(layout));
    }

    @Override
    public void close() {
      weights.close();
      moments.close();
    }
  }

  /**
   * Has the checkpoint of this step written, from what is true now; all ranks call this together.
   *
   * @return its folder, which is there once it was announced
   */
  Path write(int step, long tokens) throws IOException {
    await();
    CheckpointFolder folder =
        new CheckpointFolder(session.spec().output().resolve("step-" + step), events);
    if (session.ranks().leads()) {
      Copy taken = copy();
      ObjectNode state = state(step, tokens);
      pending =
          thread.submit(
              () -> {
                write(folder, taken, state);
                events.checkpoint(step, tokens, folder.path());
                return null;
              });
    } else {
      session.optimizer().copy(null);
    }
    return folder.path();
  }

  private Copy copy() {
    if (copy == null) {
      copy = new Copy(session.parameters().layout());
    }
    try (PointerScope _ = new PointerScope()) {
      copy.weights().flat().copy_(session.parameters().flat());
    }
    session.optimizer().copy(copy.moments());
    return copy;
  }

  private ObjectNode state(int step, long tokens) throws IOException {
    ObjectNode state = StageState.of(session.spec(), step, tokens, rate.at(step), maker.seen());
    state.put("optimizerSteps", session.optimizer().steps());
    session.guard().save(state);
    return state;
  }

  private void write(CheckpointFolder folder, Copy taken, ObjectNode state) throws IOException {
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
    if (copy != null) {
      copy.close();
    }
  }
}
