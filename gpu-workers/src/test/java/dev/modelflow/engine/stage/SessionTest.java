package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.tensor.NativeMemory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  private static final int TIMES = 200;
  private static final String PRETRAIN =
      """
      {"mix": {"words": 1}, "steps": 3, "rows": 2, "learningRate": 0.01}
      """;

  /** A fiftieth of what so many sessions' weights, moments and gradients take. */
  private static final long ROOM = 1L << 20;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  @TempDir private Path root;

  @Test
  void aBeginningThatFailsLeavesNeitherThreadsNorMemory() throws Exception {
    long threads = lanes();
    ToyFlow flow = new ToyFlow(root);
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null), events);
    Resume another = new Resume(events.checkpointAt(3), 2);
    StageSpec spec = flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", another);
    fail(spec);

    awaitLanes(threads);
    long memory = NativeMemory.inUse();
    for (int i = 0; i < TIMES; i++) {
      fail(spec);
    }
    awaitLanes(threads);
    assertThat(NativeMemory.inUse() - memory).isLessThan(ROOM);
  }

  private static void fail(StageSpec spec) {
    assertThatThrownBy(() -> new Session(spec, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessageStartingWith("Cannot resume pretrain after step 2");
  }

  /** Waits for lanes that were told to end, and hold memory until they have. */
  private static void awaitLanes(long threads) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (lanes() > threads && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(lanes()).isLessThanOrEqualTo(threads);
  }

  private static long lanes() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lane-"))
        .count();
  }
}
