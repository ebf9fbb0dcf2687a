package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.tensor.NativeMemory;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage's data order, steps, curves and checkpoints need no more memory after many steps. */
class StageMemoryTest {
  /** One copy of its weights a step, or of a checkpoint's each time, would show. */
  private static final ModelConfig SMALL = new ModelConfig(1, 32, 1, 32, 260, 48, 8, 10_000, null);

  private static final int CHECKPOINT_EVERY = 50;
  private static final String PRETRAIN =
      """
      {"firstMix": {"words": 1}, "firstSteps": 100, "mix": {"counting": 0.7, "words": 0.3},
       "steps": STEPS, "rows": 2, "rowLength": 16, "microBatchTokens": 16, "learningRate": 0.001,
       "checkpointEvery": EVERY, "metricsEvery": 50,
       "skipStep": {"window": 32, "deviations": 3},
       "instanceFilter": {"shortest": 1, "longest": 13, "times": 4}}
      """;

  private static final String DPO =
      """
      {"steps": STEPS, "pairs": 4, "heldOutPairs": 0, "batchPairs": 1, "beta": 5, "maxNewTokens": 2,
       "learningRate": 0.0001, "checkpointEvery": EVERY}
      """;
  private static final String RLVR =
      """
      {"steps": STEPS, "promptsPerStep": 1, "groupSize": 4, "maxNewTokens": 2, "reward": "random",
       "learningRate": 0.0001, "checkpointEvery": EVERY}
      """;

  /** What libraries may keep for themselves; a copy of the weights at each checkpoint is more. */
  private static final long NATIVE = 512L << 10;

  /** What other threads of the JVM may have taken meanwhile. */
  private static final long HEAP = 256L << 10;

  /** One may leave what the next one finds. */
  private static final int COLLECTIONS = 3;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  @Test
  void tenThousandStepsLeaveNativeMemoryAndHeapFlat() throws Exception {
    assertFlat(StageKind.PRETRAIN, PRETRAIN, SMALL, 10_000);
  }

  @Test
  void soDoStepsOfAModelWithExperts() throws Exception {
    ModelConfig model = SMALL.withExperts(new Experts(2, 1, 0.01, 0.001));
    assertFlat(StageKind.PRETRAIN, PRETRAIN, model, 1_000);
  }

  @Test
  void soDoStepsInBf16() throws Exception {
    assertFlat(StageKind.PRETRAIN, ToyFlow.inBf16(PRETRAIN), SMALL, 600);
  }

  @Test
  void soDoStepsThatPrefer() throws Exception {
    pretrain();
    assertFlat(StageKind.DPO, DPO, SMALL, 600);
  }

  @Test
  void soDoStepsThatAnswer() throws Exception {
    pretrain();
    assertFlat(StageKind.RLVR, RLVR, SMALL, 600);
  }

  /** Makes what the stages after pretraining begin with. */
  private void pretrain() throws Exception {
    RecordedEvents events = new RecordedEvents();
    String parameters =
        """
        {"mix": {"words": 1}, "steps": 10, "rows": 2, "learningRate": 0.01}
        """;
    run(StageKind.PRETRAIN, parameters, SMALL, events);
    flow.inputs.put("checkpoint", events.checkpointAt(10));
    flow.inputs.put("weak", events.checkpointAt(10));
  }

  private void assertFlat(StageKind kind, String parameters, ModelConfig model, int steps)
      throws Exception {
    Gauge gauge = new Gauge(steps);
    run(
        kind,
        parameters.replace("STEPS", "" + steps).replace("EVERY", "" + CHECKPOINT_EVERY),
        model,
        gauge);

    assertThat(gauge.checkpoints).hasSize(steps / CHECKPOINT_EVERY);
    assertThat(gauge.second.nativeMemory - gauge.first.nativeMemory).isLessThan(NATIVE);
    assertThat(gauge.second.heap - gauge.first.heap).isLessThan(HEAP);
  }

  private void run(StageKind kind, String parameters, ModelConfig model, StageEvents events)
      throws Exception {
    StageSpec spec = flow.spec(kind, parameters, "output-" + kind, null);
    Stages.run(ToyFlow.with(model, spec), events);
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
      if (step > 0 && step % (steps / 2) == 0) {
        half.end();
      }
    }

    @Override
    public void metrics(int step, Map<String, Double> values) {}

    @Override
    public void log(String level, String message) {}
  }
}
