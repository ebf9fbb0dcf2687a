package dev.modelflow.engine.stage;

import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.optim.Moments;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.LibTorch;
import java.util.concurrent.CountDownLatch;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * A session's weights and moments as they are at one moment, copied in the processor's memory. The
 * passes of the next step only read them, so the copy is taken beside these by whoever writes it; a
 * step waits for the copy before it changes anything.
 */
final class Snapshot implements AutoCloseable {
  private final Parameters weights;
  private final AdamW optimizer;
  private final boolean beside;
  private @Nullable Copy room;
  private volatile CountDownLatch taken = new CountDownLatch(0);
  private long waited;

  /** No snapshot yet. */
  Snapshot(Parameters weights, AdamW optimizer) {
    this.weights = weights;
    this.optimizer = optimizer;
    // What several ranks bring together, and what a GPU must be asked for, is copied at once.
    beside = optimizer.ranks().size() == 1 && LibTorch.device() == Device.CPU;
  }

  /** What was copied, in memory that serves one snapshot after the other. */
  record Copy(Parameters weights, Moments moments) implements AutoCloseable {
    @Override
    public void close() {
      weights.close();
      moments.close();
    }
  }

  /**
   * What is true now is to be copied; the copy before is no longer needed. All ranks call this
   * together; the leading one then has a thread {@link #take} the copy.
   */
  void begin() {
    if (!optimizer.ranks().leads()) {
      optimizer.copy(null);
      return;
    }
    taken = new CountDownLatch(1);
    if (!beside) {
      take();
    }
  }

  /** The copy, once it is taken; called after {@link #begin}, by any thread. */
  Copy take() {
    CountDownLatch begun = taken;
    try {
      if (room == null) {
        room = new Copy(Parameters.onHost(weights.layout()), new Moments(weights.layout()));
      }
      if (begun.getCount() > 0) {
        try (PointerScope _ = new PointerScope()) {
          room.weights().flat().copy_(weights.flat());
        }
        optimizer.copy(room.moments());
      }
      return room;
    } finally {
      begun.countDown();
    }
  }

  /** Waits until weights and moments may be changed; they may be where nothing was begun. */
  void await() {
    CountDownLatch begun = taken;
    if (begun.getCount() == 0) {
      return;
    }
    long start = System.nanoTime();
    boolean interrupted = false;
    while (begun.getCount() > 0) {
      try {
        begun.await();
      } catch (InterruptedException told) {
        // Whoever copies reads what the caller would change.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    waited += System.nanoTime() - start;
  }

  /** Nanoseconds that {@link #await} took so far, for the thread that calls it. */
  long waitedNanos() {
    return waited;
  }

  @Override
  public void close() {
    if (room != null) {
      room.close();
    }
  }
}
