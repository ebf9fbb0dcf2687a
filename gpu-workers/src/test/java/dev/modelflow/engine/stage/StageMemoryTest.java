package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.tensor.NativeMemory;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage's data order, steps, curves and checkpoints need no more memory after many steps. */
class StageMemoryTest {
  /** One copy of its weights a step, or of a checkpoint's each time, would show. */
  private static final ModelConfig SMALL = new ModelConfig(1, 32, 1, 32, 260, 16, 8, 10_000, null);

  private static final int CHECKPOINTS = 200;
  private static final String PRETRAIN =
      """
      {"firstMix": {"words": 1}, "firstSteps": 100, "mix": {"counting": 0.7, "words": 0.3},
       "steps": STEPS, "rows": 2, "rowLength": 16, "microBatchTokens": 16, "learningRate": 0.001,
       "checkpointEvery": EVERY, "metricsEvery": 50,
       "skipStep": {"window": 32, "deviations": 3},
       "instanceFilter": {"shortest": 1, "longest": 13, "times": 4}}
      """;

  /** What the JVM's compilers take and give back meanwhile. */
  private static final long COMPILERS = 16L << 20;

  /** What other threads of the JVM may have taken meanwhile. */
  private static final long HEAP = 1L << 20;

  /** One may leave what the next one finds. */
  private static final int COLLECTIONS = 3;

  @TempDir private Path root;

  @Test
  void tenThousandStepsLeaveNativeMemoryAndHeapFlat() throws Exception {
    assertFlat(null, 10_000);
  }

  @Test
  void soDoStepsOfAModelWithExperts() throws Exception {
    assertFlat(new Experts(2, 1, 0.01, 0.001), 1_000);
  }

  private void assertFlat(@Nullable Experts experts, int steps) throws Exception {
    String parameters =
        PRETRAIN.replace("STEPS", "" + steps).replace("EVERY", "" + steps / CHECKPOINTS);
    StageSpec spec = new ToyFlow(root).spec(StageKind.PRETRAIN, parameters, "long", null);
    Gauge gauge = new Gauge(steps);
    Stages.run(ToyFlow.with(SMALL.withExperts(experts), spec), gauge);

    assertThat(gauge.checkpoints).hasSize(CHECKPOINTS);
    assertThat(gauge.second.nativeMemory - gauge.first.nativeMemory).isLessThan(COMPILERS);
    assertThat(gauge.second.heap - gauge.first.heap).isLessThan(HEAP);
  }

  /** The least native memory of some steps, in which nothing is that was only borrowed. */
  private static final class Use {
    private long nativeMemory = Long.MAX_VALUE;
    private long heap;

    void step() {
      nativeMemory = Math.min(nativeMemory, NativeMemory.inUse());
    }

    void end() {
      heap = IntStream.range(0, COLLECTIONS).mapToLong(_ -> afterCollection()).min().orElseThrow();
    }
  }

  private static long afterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Measures both halves of a stage, without its beginning; keeps nothing that grows itself. */
  private static final class Gauge extends RecordedEvents {
    private static final int EVERY = 10;

    private final Use first = new Use();
    private final Use second = new Use();
    private final int steps;

    Gauge(int steps) {
      this.steps = steps;
    }

    @Override
    public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
      Use half = step <= steps / 2 ? first : second;
      if (step > steps / 10 && step % EVERY == 0) {
        half.step();
      }
      if (step % (steps / 2) == 0) {
        half.end();
      }
    }

    @Override
    public void metrics(int step, Map<String, Double> values) {}

    @Override
    public void log(String level, String message) {}
  }
}
