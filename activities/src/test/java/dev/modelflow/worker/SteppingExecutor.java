package dev.modelflow.worker;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Does any stage in 40 steps, of which each hashes what the one before it made, so that a lost or
 * repeated one shows in the end; with a checkpoint after every tenth, and one more when it is asked
 * to stop. Its first attempt goes no further than step 25 until it is asked.
 */
final class SteppingExecutor implements StageExecutor {
  /** The last step. */
  static final int STEPS = 40;

  /** Where the first attempt waits. */
  static final int HELD_AT = 25;

  private static final int EVERY = 10;
  private static final String STATE = "state.txt";

  private final boolean holding;

  /** Waits at step 25 of a first attempt where {@code holding}. */
  SteppingExecutor(boolean holding) {
    this.holding = holding;
  }

  @Override
  public Set<StageKind> kinds() {
    return EnumSet.allOf(StageKind.class);
  }

  @Override
  public String codeVersion(StageKind kind) {
    return "stepping 1";
  }

  @Override
  public Map<String, StageOutput> execute(StageContext context) throws Exception {
    String state = "seed " + context.seed();
    int step = 0;
    if (context.resume().isPresent()) {
      ResumePoint point = context.resume().get();
      state = Files.readString(point.folder().resolve(STATE));
      step = Math.toIntExact(point.step());
      context.resumed(step);
    }
    while (step < STEPS) {
      state = Digest.of(state).hex();
      step++;
      context.progress(step, (long) STEPS, null);
      context.metrics(step, Map.of("step", (double) step));
      if (step % EVERY == 0) {
        context.commitCheckpoint(step, step, write(context, "step-" + step, state));
      }
      if (holding && context.epoch() == 1 && step == HELD_AT) {
        awaitStop(context);
      }
      if (context.stopRequested()) {
        context.commitCheckpoint(step, step, write(context, "last", state));
        context.throwIfStopped();
      }
    }
    return Map.of(
        "documents",
        new StageOutput(ArtifactKind.CORPUS, write(context, "output", state), Map.of()));
  }

  private static void awaitStop(StageContext context) throws InterruptedException {
    while (!context.stopRequested()) {
      context.log("Held");
      Thread.sleep(50);
    }
  }

  private static Path write(StageContext context, String name, String state) throws IOException {
    Path folder = Files.createDirectories(context.workFolder().resolve(name));
    Files.writeString(folder.resolve(STATE), state);
    return folder;
  }
}
