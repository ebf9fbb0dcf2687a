package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 1}, "steps": 8, "rows": 2, "learningRate": 0.01, "checkpointEvery": 3}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  /** Its first checkpoint is announced only when training has gone on for two steps. */
  private static final class SlowStore extends RecordedEvents {
    final CountDownLatch stepFive = new CountDownLatch(1);

    @Override
    public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
      super.progress(step, totalSteps, tokens, tokensPerSecond);
      if (step == 5) {
        stepFive.countDown();
      }
    }

    @Override
    public void checkpoint(int step, long tokens, Path folder) {
      try {
        if (step == 3 && !stepFive.await(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("No step was made while the checkpoint was written");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      super.checkpoint(step, tokens, folder);
    }
  }

  @Test
  void trainingGoesOnWhileACheckpointIsWritten() throws Exception {
    SlowStore events = new SlowStore();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);
    assertThat(events.checkpoints).containsOnlyKeys(3, 6, 8);

    RecordedEvents stopped = new RecordedEvents().stoppingAfter(3);
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", null), stopped);
    WrittenFolders.assertEqualBytes(events.checkpointAt(3), stopped.checkpointAt(3));
  }

  /**
   * Its first checkpoint is announced only when the next one is handed over and training is seen to
   * wait for it.
   */
  private static final class SlowestStore extends RecordedEvents {
    final Map<Integer, Double> heldUp = new TreeMap<>();
    final Thread training = Thread.currentThread();
    final CountDownLatch stepSix = new CountDownLatch(1);
    double seen;

    @Override
    public boolean stopRequested() {
      if (reached(6)) {
        stepSix.countDown();
      }
      return super.stopRequested();
    }

    @Override
    public void heldUp(int step, double seconds) {
      heldUp.put(step, seconds);
    }

    @Override
    public void checkpoint(int step, long tokens, Path folder) {
      if (step == 3) {
        seeTrainingWait();
      }
      super.checkpoint(step, tokens, folder);
    }

    private void seeTrainingWait() {
      try {
        if (!stepSix.await(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("No step was made while the checkpoint was written");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      while (training.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      long start = System.nanoTime();
      while (System.nanoTime() - start < 5_000_000) {
        Thread.onSpinWait();
      }
      seen = (System.nanoTime() - start) / 1e9;
    }
  }

  @Test
  void whatTrainingWaitsForACheckpointIsSaid() throws Exception {
    SlowestStore events = new SlowestStore();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);

    assertThat(events.checkpoints).containsOnlyKeys(3, 6, 8);
    assertThat(events.heldUp).containsKeys(3, 6, 8).doesNotContainKeys(1, 2, 5);
    assertThat(events.heldUp.getOrDefault(6, 0.0)).isGreaterThanOrEqualTo(events.seen);
  }

  /**
   * Step 6 is written over what a killed attempt left of it; what it left of others is no matter.
   */
  @Test
  void whatAKilledAttemptLeftHalfWrittenIsNoCheckpoint() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), whole);
    StageSpec spec = flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", null);
    for (String half : List.of("step-6.part", "step-7.part")) {
      Path folder = Files.createDirectories(spec.output().resolve(half));
      Files.writeString(folder.resolve("model.safetensors"), "half");
      Files.writeString(folder.resolve("other"), "half");
    }
    RecordedEvents events = new RecordedEvents();
    Stages.run(spec, events);
    assertThat(events.checkpoints).containsOnlyKeys(3, 6, 8);
    assertThat(spec.output().resolve("step-6.part")).doesNotExist();
    WrittenFolders.assertEqualBytes(events.checkpointAt(6), whole.checkpointAt(6));
    WrittenFolders.assertEqualBytes(events.checkpointAt(8), whole.checkpointAt(8));
  }

  @Test
  void whatKeepsACheckpointFromBeingWrittenEndsTheStage() throws Exception {
    StageSpec spec = flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null);
    Files.createFile(spec.output());
    RecordedEvents events = new RecordedEvents();
    assertThatThrownBy(() -> Stages.run(spec, events)).isInstanceOf(FileSystemException.class);
    assertThat(events.checkpoints).isEmpty();
  }

  @Test
  void aCheckpointThatNobodyTakesEndsTheStage() {
    RecordedEvents events =
        new RecordedEvents() {
          @Override
          public void checkpoint(int step, long tokens, Path folder) {
            throw new IllegalStateException("nobody listens");
          }
        };
    assertThatThrownBy(() -> Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("nobody listens");
  }
}
