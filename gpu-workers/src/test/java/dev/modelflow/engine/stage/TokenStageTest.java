package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStageTest {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 0.7, "words": 0.3}, "steps": 40, "rows": 4, "learningRate": 0.01,
       "warmupSteps": 5, "finalLearningRate": 0.001, "weightDecay": 0.1, "checkpointEvery": 15,
       "microBatchTokens": 64}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  private RecordedEvents run(StageSpec spec) throws Exception {
    RecordedEvents events = new RecordedEvents();
    Stages.run(spec, events);
    return events;
  }

  @Test
  void pretrainingLearns() throws Exception {
    RecordedEvents events = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));

    assertThat(events.lines).containsExactly("started 0 of 40");
    assertThat(events.checkpoints).containsOnlyKeys(15, 30, 40);
    double first = events.metric(10, "loss");
    double last = events.metric(40, "loss");
    assertThat(first).isGreaterThan(3.5);
    assertThat(last).isLessThan(0.7 * first);
  }

  @Test
  void aResumedPretrainingEndsWithTheSameBytes() throws Exception {
    RecordedEvents whole = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));
    Resume resume = new Resume(whole.checkpointAt(15), 15);
    RecordedEvents rest = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", resume));

    assertThat(rest.lines).containsExactly("started 15 of 40");
    WrittenFolders.assertEqualBytes(rest.checkpointAt(40), whole.checkpointAt(40));
  }

  @Test
  void bf16LearnsAlikeAndResumesToTheSameBytesInFloat32() throws Exception {
    RecordedEvents exact = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "exact", null));
    String parameters = ToyFlow.inBf16(PRETRAIN);
    RecordedEvents whole = run(flow.spec(StageKind.PRETRAIN, parameters, "a", null));
    assertThat(whole.metric(40, "loss")).isCloseTo(exact.metric(40, "loss"), within(0.1));
    assertThat(whole.metric(40, "loss")).isNotEqualTo(exact.metric(40, "loss"));

    Resume resume = new Resume(whole.checkpointAt(15), 15);
    RecordedEvents rest = run(flow.spec(StageKind.PRETRAIN, parameters, "b", resume));
    WrittenFolders.assertEqualBytes(rest.checkpointAt(40), whole.checkpointAt(40));
    assertThat(Files.size(whole.checkpointAt(40).resolve("model.safetensors")))
        .isEqualTo(Files.size(exact.checkpointAt(40).resolve("model.safetensors")));
  }

  @Test
  void activationCheckpointingChangesNoByte() throws Exception {
    RecordedEvents kept = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));
    String parameters = ToyFlow.recomputing(PRETRAIN);
    RecordedEvents again = run(flow.spec(StageKind.PRETRAIN, parameters, "b", null));
    WrittenFolders.assertEqualBytes(again.checkpointAt(40), kept.checkpointAt(40));
  }

  @Test
  void aPrecisionThatThereIsNotIsNamed() {
    String parameters = PRETRAIN.replace("\"steps\"", "\"precision\": \"fp8\", \"steps\"");
    assertThatThrownBy(() -> run(flow.spec(StageKind.PRETRAIN, parameters, "a", null)))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.pretrain.precision is \"fp8\": use one of float32, bf16");
  }

  @Test
  void aStoppedPretrainingLeavesACheckpointToContinueFrom() throws Exception {
    RecordedEvents whole = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));
    RecordedEvents stopped = new RecordedEvents().stoppingAfter(22);
    StageResult result = Stages.run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", null), stopped);
    assertThat(result).isEqualTo(new StageResult.Stopped(22));

    Resume resume = new Resume(stopped.checkpointAt(22), 22);
    RecordedEvents rest = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "c", resume));
    WrittenFolders.assertEqualBytes(rest.checkpointAt(40), whole.checkpointAt(40));
  }

  @Test
  void aResumeFromAnotherStepIsRefused() throws Exception {
    RecordedEvents whole = run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null));
    Resume wrong = new Resume(whole.checkpointAt(15), 30);

    assertThatThrownBy(() -> run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", wrong)))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.PLATFORM))
        .hasMessage(
            "Cannot resume pretrain after step 30: the checkpoint is of pretrain after step 15");
  }

  @Test
  void midtrainingAndLongContextGoOnFromTheStageBefore() throws Exception {
    flow.inputs.put(
        "checkpoint", run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "a", null)).checkpointAt(40));
    String midtrain =
        """
        {"mix": {"counting": 1}, "steps": 20, "rows": 4, "learningRate": 0.003, "checkpointEvery": 8}
        """;
    RecordedEvents mid = run(flow.spec(StageKind.MIDTRAIN, midtrain, "mid", null));
    RecordedEvents again =
        run(flow.spec(StageKind.MIDTRAIN, midtrain, "mid2", new Resume(mid.checkpointAt(8), 8)));
    WrittenFolders.assertEqualBytes(again.checkpointAt(20), mid.checkpointAt(20));
    assertThat(new CheckpointFolder(mid.checkpointAt(20)).state().path("optimizerSteps").asInt())
        .isEqualTo(60);

    flow.inputs.put("checkpoint", mid.checkpointAt(20));
    String longer =
        """
        {"mix": {"words": 1}, "contextFactor": 4, "steps": 6, "rows": 1, "learningRate": 0.003,
         "warmupSteps": 2, "checkpointEvery": 3}
        """;
    RecordedEvents context = run(flow.spec(StageKind.LONG_CONTEXT, longer, "long", null));
    RecordedEvents rest =
        run(
            flow.spec(
                StageKind.LONG_CONTEXT, longer, "long2", new Resume(context.checkpointAt(3), 3)));
    WrittenFolders.assertEqualBytes(rest.checkpointAt(6), context.checkpointAt(6));
    assertThat(new CheckpointFolder(context.checkpointAt(6)).model())
        .isEqualTo(ToyFlow.MODEL.extended(4));
  }

  @Test
  void aRowLongerThanTheContextIsRefusedAlsoAfterItWasExtended() throws Exception {
    String parameters = PRETRAIN.replace("\"steps\"", "\"rowLength\": 49, \"steps\"");
    assertRecipeRefused(flow.spec(StageKind.PRETRAIN, parameters, "a", null))
        .hasMessage("stages.pretrain.rowLength is 49: use at most the context, 48");

    flow.inputs.put(
        "checkpoint", run(flow.spec(StageKind.PRETRAIN, PRETRAIN, "b", null)).checkpointAt(15));
    String longer =
        """
        {"mix": {"words": 1}, "contextFactor": 2, "steps": 1, "rows": 1, "learningRate": 0.003,
         "warmupSteps": 0, "rowLength": ROW}
        """;
    String row = longer.replace("ROW", "97");
    assertRecipeRefused(flow.spec(StageKind.LONG_CONTEXT, row, "long", null))
        .hasMessage("stages.long-context.rowLength is 97: use at most the context, 96");
    row = longer.replace("ROW", "96");
    assertThat(run(flow.spec(StageKind.LONG_CONTEXT, row, "long", null)).checkpoints)
        .containsOnlyKeys(1);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRecipeRefused(StageSpec spec) {
    RecordedEvents events = new RecordedEvents();
    return assertThatThrownBy(() -> Stages.run(spec, events))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> {
              assertThat(failure.failureClass()).isEqualTo(FailureClass.RECIPE);
              assertThat(events.metrics).isEmpty();
              assertThat(events.checkpoints).isEmpty();
            });
  }

  @Test
  void aMissingParameterIsNamed() {
    assertRecipeRefused(flow.spec(StageKind.PRETRAIN, "{\"steps\": 5}", "a", null))
        .hasMessage("stages.pretrain.learningRate is missing: set it");
  }
}
