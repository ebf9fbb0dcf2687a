package dev.modelflow.adapter;

import dev.modelflow.adapter.Converter.Converted;
import dev.modelflow.adapter.SavedSteps.Saved;
import dev.modelflow.weights.CheckpointException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints that wait for the numbers of their steps. A trainer of others saves before it tells
 * that a loss was none, and what it learnt from such a step is never kept.
 */
final class HeldCheckpoints {
  /** Makes a checkpoint of ours. */
  interface Keeper {
    void keep(Converted checkpoint) throws IOException;
  }

  private final Converter converter;
  private final OutsideProgress progress;
  private final Deque<Converted> held = new ArrayDeque<>();
  private @Nullable CheckpointException broken;

  HeldCheckpoints(Converter converter, OutsideProgress progress) {
    this.converter = converter;
    this.progress = progress;
  }

  /** One that the trainer has saved. */
  void add(Saved checkpoint) throws IOException {
    if (!progress.isLost(checkpoint.step())) {
      converter.add(checkpoint);
    }
  }

  /** Keeps those that may be kept by now, in the order of their steps. */
  void keep(Keeper keeper) throws IOException {
    held.addAll(converter.next());
    for (@Nullable Converted next = held.peek();
        next != null && progress.allows(next.step());
        next = held.peek()) {
      held.remove();
      try {
        keeper.keep(next);
      } catch (CheckpointException refused) {
        refuse(next.step(), refused);
      }
    }
  }

  /** How the trainer ended says more than what it saved last and did not tell of any more. */
  private void refuse(int step, CheckpointException refused) throws CheckpointException {
    if (progress.hasTold(step)) {
      throw refused;
    }
    System.err.println("The checkpoint of step %d is not kept: ".formatted(step) + refused);
    broken = refused;
    held.clear();
  }

  /** Whether one that may be kept is still to come, or was not kept since it was let go. */
  boolean isAwaiting() {
    Converted kept = held.peek();
    if (kept != null && progress.allows(kept.step())) {
      return true;
    }
    Saved next = converter.waiting();
    return next != null && !progress.isLost(next.step());
  }

  /** Throws what was wrong with a checkpoint that a trainer saved before it ended well. */
  void requireWhole() throws CheckpointException {
    if (broken != null) {
      throw broken;
    }
  }
}
