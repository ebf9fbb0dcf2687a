package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages in bf16 of a model whose attention is in bf16, too, where a processor has it. */
class HalfPrecisionStagesTest {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 0.7, "words": 0.3}, "steps": 30, "rows": 4,
       "learningRate": 0.01, "warmupSteps": 5, "checkpointEvery": 10, "microBatchTokens": 96}
      """;

  private static final String DPO =
      """
      {"pairs": 16, "heldOutPairs": 8, "batchPairs": 8, "beta": 5, "steps": 4,
       "maxNewTokens": 6, "learningRate": 0.001, "checkpointEvery": 2, "metricsEvery": 1}
      """;

  private static final String RLVR =
      """
      {"steps": 4, "promptsPerStep": 4, "groupSize": 8, "maxNewTokens": 6,
       "learningRate": 0.001, "checkpointEvery": 2, "metricsEvery": 1, "reward": "random"}
      """;

  @TempDir private static Path root;
  private static ToyFlow flow;
  private static RecordedEvents whole;

  @BeforeAll
  static void pretrain() throws Exception {
    flow = new ToyFlow(root);
    whole = run(StageKind.PRETRAIN, PRETRAIN, "whole", null);
    flow.inputs.put("checkpoint", whole.checkpointAt(30));
    flow.inputs.put("weak", whole.checkpointAt(10));
  }

  private static RecordedEvents run(
      StageKind kind, String parameters, String output, @Nullable Resume resume) throws Exception {
    RecordedEvents events = new RecordedEvents();
    StageSpec spec = flow.spec(kind, ToyFlow.inBf16(parameters), output, resume);
    assertThat(Stages.run(ToyFlow.with(ToyFlow.WIDE_HEADS, spec), events)).isInstanceOf(Done.class);
    return events;
  }

  @Test
  void pretrainingLearnsAndHasTheSameBytesAgainAndWhenItWasResumed() throws Exception {
    assertThat(whole.metric(30, "loss")).isLessThan(0.8 * whole.metric(10, "loss"));
    assertSameBytes(StageKind.PRETRAIN, PRETRAIN, whole, 10, 30);
  }

  @Test
  void goingOnInAnotherPrecisionIsWarnedOf() throws Exception {
    Resume resume = new Resume(whole.checkpointAt(20), 20);
    RecordedEvents other = new RecordedEvents();
    StageSpec spec = flow.spec(StageKind.PRETRAIN, PRETRAIN, "in-float32", resume);
    Stages.run(ToyFlow.with(ToyFlow.WIDE_HEADS, spec), other);

    assertThat(other.lines)
        .contains(
            "warning: Goes on in float32 after step 20, up to which it was trained in bf16: results"
                + " differ by rounding from those of one precision");
    assertThat(other.metric(30, "loss")).isCloseTo(whole.metric(30, "loss"), within(0.1));
    assertThat(run(StageKind.PRETRAIN, PRETRAIN, "in-bf16", resume).lines)
        .noneMatch(line -> line.startsWith("warning"));
  }

  @Test
  void soHasPreferenceTraining() throws Exception {
    assertSameBytes(StageKind.DPO, DPO, run(StageKind.DPO, DPO, "dpo", null), 2, 4);
  }

  @Test
  void soHasReinforcement() throws Exception {
    RecordedEvents tuned = run(StageKind.RLVR, RLVR, "rlvr", null);
    assertThat(tuned.metric(1, "groups")).isPositive();
    // The sampler's attention stays in float32: both round differently, to eight bits.
    assertThat(tuned.metric(1, "samplerDistance")).isBetween(0.0, 2e-2);
    assertSameBytes(StageKind.RLVR, RLVR, tuned, 2, 4);
  }

  /** Once more with blocks that are computed again, and from a checkpoint on. */
  private static void assertSameBytes(
      StageKind kind, String parameters, RecordedEvents expected, int from, int last)
      throws Exception {
    String recomputing = ToyFlow.recomputing(parameters);
    RecordedEvents again = run(kind, recomputing, kind + "-again", null);
    WrittenFolders.assertEqualBytes(again.checkpointAt(last), expected.checkpointAt(last));
    Resume resume = new Resume(expected.checkpointAt(from), from);
    RecordedEvents rest = run(kind, parameters, kind + "-rest", resume);
    WrittenFolders.assertEqualBytes(rest.checkpointAt(last), expected.checkpointAt(last));
  }
}
