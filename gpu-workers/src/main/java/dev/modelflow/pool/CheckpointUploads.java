package dev.modelflow.pool;

import dev.modelflow.worker.StageContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Uploads and commits checkpoints one after the other while the trainer goes on. */
final class CheckpointUploads implements AutoCloseable {
  private final StageContext context;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("checkpoints").factory());
  private final Map<Path, TrainerEvent.Checkpoint> announced = new HashMap<>();
  private @Nullable Future<?> last;

  CheckpointUploads(StageContext context) {
    this.context = context;
  }

  void add(TrainerEvent.Checkpoint checkpoint, Path folder) {
    announced.put(folder, checkpoint);
    Future<?> before = last;
    last =
        thread.submit(
            () -> {
              if (before != null) {
                before.get();
              }
              context.commitCheckpoint(checkpoint.step(), checkpoint.tokens(), folder);
              return null;
            });
  }

  /** The announcement of the checkpoint in {@code folder}; null when there was none. */
  TrainerEvent.@Nullable Checkpoint announced(Path folder) {
    return announced.get(folder);
  }

  /** Throws what made a commit fail, if one has. */
  void throwFailure() throws InterruptedException {
    if (last != null && last.isDone()) {
      await();
    }
  }

  /** Waits until all are committed; throws what made a commit fail. */
  void await() throws InterruptedException {
    if (last == null) {
      return;
    }
    try {
      last.get();
    } catch (ExecutionException failure) {
      Throwable cause = failure;
      while (cause instanceof ExecutionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      if (cause instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("A checkpoint could not be committed: " + cause, cause);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
