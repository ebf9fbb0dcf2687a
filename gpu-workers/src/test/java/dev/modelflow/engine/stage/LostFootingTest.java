package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Place;
import dev.modelflow.weights.CheckpointException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rate at which a step's weights are so large that the next one's loss is no number. */
class LostFootingTest {
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 0.5, "words": 0.5}, "steps": STEPS, "rows": 4, "learningRate": RATE,
       "warmupSteps": 0, "schedule": "constant"}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  private StageSpec spec(StageKind kind, String parameters, int steps, String rate) {
    String filled = parameters.replace("STEPS", "" + steps).replace("RATE", rate);
    return flow.spec(kind, filled, kind.word(), null);
  }

  private void startFrom(int steps, String rate) throws Exception {
    RecordedEvents events = new RecordedEvents();
    Stages.run(spec(StageKind.PRETRAIN, PRETRAIN, steps, rate), events);
    flow.inputs.put("checkpoint", events.checkpointAt(steps));
    flow.inputs.put("weak", events.checkpointAt(steps));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      StageSpec spec, FailureClass failureClass) {
    return assertThatThrownBy(() -> Stages.run(spec, new RecordedEvents()))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.failureClass()).isEqualTo(failureClass));
  }

  private static String lost(String stage, int step, String read) {
    return "Stage %s lost its footing: \\w+ is (NaN|-?Infinity) at step %d; lower learningRate \\(now 1.0E30\\), or look at what the step read: %s"
        .formatted(stage, step, read);
  }

  @Test
  void theStepAndTheDocumentsThatItReadAreNamed() throws Exception {
    StageSpec spec = spec(StageKind.PRETRAIN, PRETRAIN, 3, "1e30");
    List<String> read;
    try (Owned files = new Owned()) {
      DataOrder order =
          TokenStage.order(
              spec,
              TokenStage.sources(spec, flow.inputs.getOrDefault("tokenizer", root), files),
              "mix",
              ToyFlow.MODEL.context());
      order.skip(2);
      read = order.latest().stream().map(LostFootingTest::words).toList();
    }
    String named = String.join(", ", read.subList(0, 5));
    assertThat(read).hasSizeGreaterThan(5);

    assertFails(spec, FailureClass.RECIPE)
        .hasMessageMatching(lost("pretrain", 2, ".*"))
        .hasMessageEndingWith(
            "step read: %s and %d more, see the attempt's log".formatted(named, read.size() - 5))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure ->
                assertThat(failure.details())
                    .containsExactly("Step 2 read " + String.join(", ", read)));
  }

  private static String words(Place place) {
    return "%s '%s%d' (tokens %d to %d)"
        .formatted(
            place.source(),
            place.source(),
            place.document(),
            place.offset(),
            place.offset() + place.length() - 1);
  }

  @Test
  void conversationsPairsAndPromptsAreNamed() throws Exception {
    startFrom(1, "1e-3");
    String sft = "{\"steps\": 3, \"rows\": 1, \"learningRate\": RATE, \"warmupSteps\": 0}";
    assertFails(spec(StageKind.SFT, sft, 3, "1e30"), FailureClass.RECIPE)
        .hasMessageMatching(lost("sft", 2, "conversations 'c\\d+' \\(tokens 0 to \\d+\\)"));
    String dpo =
        """
        {"pairs": 6, "heldOutPairs": 0, "batchPairs": 2, "steps": 3, "maxNewTokens": 6,
         "learningRate": RATE, "warmupSteps": 0}
        """;
    String pair = "the pair of prompt 'prompts\\d+'";
    assertFails(spec(StageKind.DPO, dpo, 3, "1e30"), FailureClass.RECIPE)
        .hasMessageMatching(lost("dpo", 2, pair + ", " + pair));
    String rlvr =
        """
        {"steps": 3, "promptsPerStep": 2, "groupSize": 4, "samplingRounds": 1, "maxNewTokens": 6,
         "learningRate": RATE, "warmupSteps": 0, "reward": "random"}
        """;
    assertFails(spec(StageKind.RLVR, rlvr, 3, "1e30"), FailureClass.RECIPE)
        .hasMessageMatching(lost("rlvr", 2, "prompt 'prompts\\d+', prompt 'prompts\\d+'"));
  }

  /** Nothing is learnt from groups without spread, so no loss would ever show it. */
  @Test
  void answersOfAModelThatIsLostAreNoAnswers() throws Exception {
    startFrom(1, "1e30");
    String rlvr =
        """
        {"steps": 3, "promptsPerStep": 2, "groupSize": 4, "maxNewTokens": 6,
         "learningRate": 0.001, "reward": "verifier"}
        """;
    assertFails(spec(StageKind.RLVR, rlvr, 3, ""), FailureClass.RECIPE)
        .hasMessageStartingWith("Stage rlvr lost its footing: logProb is NaN at step 1; ");
  }

  @Test
  void anEvaluationOfAModelThatIsLostIsNone() throws Exception {
    startFrom(1, "1e30");
    assertFails(spec(StageKind.EVALUATE, "{\"maxNewTokens\": 6}", 0, ""), FailureClass.DATA)
        .hasMessageMatching(
            "The checkpoint's bitsPerByte of task text-words is (NaN|Infinity): its weights make no sense any more; use an earlier one");
  }

  @Test
  void noStageBeginsWithAWeightThatIsNoNumber() throws Exception {
    startFrom(1, "1e-3");
    BrokenWeights.putNaN(flow.inputs.getOrDefault("checkpoint", root), "lm_head.weight");
    RecordedEvents events = new RecordedEvents();
    assertThatThrownBy(() -> Stages.run(spec(StageKind.MIDTRAIN, PRETRAIN, 3, "1e-3"), events))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("model.safetensors has NaN in tensor 'lm_head.weight' at value 3");
    assertThat(events.lines).isEmpty();
  }

  @Test
  void aPromptWithoutRoomForItsAnswerIsNamedBeforeTheFirstStep() throws Exception {
    startFrom(1, "1e-3");
    String settings = "{\"steps\": 3, \"maxNewTokens\": 40, \"learningRate\": 0.001}";
    assertThatThrownBy(
            () -> Stages.run(spec(StageKind.RLVR, settings, 3, ""), new RecordedEvents()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Prompt 'prompts0' has \\d+ tokens, which with an answer of up to 40 do not fit the model's context of 48: .*");
  }
}
