package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents whose gradient is infinite and whose loss is not. */
class InfiniteNormTest {
  /** Its rate is so small that the weights stay as they were made. */
  private static final String MIDTRAIN =
      """
      {"mix": {"counting": 0.2, "words": 0.8}, "steps": 40, "rows": 1, "learningRate": 1e-30,
       "schedule": "constant", "warmupSteps": 0, "checkpointEvery": 6, "metricsEvery": 1}
      """;

  private static final String GUARDED =
      MIDTRAIN.replace(
          "\"steps\"", "\"skipStep\": {\"window\": 8, \"deviations\": 100}, \"steps\"");

  /** The fourth value of every token's vector. */
  private static final int DIMENSION = 3;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        """
        {"mix": {"words": 1}, "steps": 1, "rows": 1, "learningRate": 0.001}
        """;
    Path checkpoint = run(StageKind.PRETRAIN, pretrain, "start").checkpointAt(1);
    letEightsOverflow(checkpoint.resolve("model.safetensors"));
    flow.inputs.put("checkpoint", checkpoint);
  }

  /**
   * Eights alone, which stand in no words, have the dimension, the output norm makes it large, and
   * the head does not read it: only the head's gradient there is out of bounds.
   */
  private void letEightsOverflow(Path weights) throws Exception {
    int width = ToyFlow.MODEL.width();
    BrokenWeights.change(
        weights,
        ParameterLayout.EMBEDDING,
        values -> {
          setColumn(values, width, 0);
          values[flow.tokenizer.encode("8")[0] * width + DIMENSION] = 1;
        });
    for (int layer = 0; layer < ToyFlow.MODEL.layers(); layer++) {
      String block = "model.layers." + layer;
      BrokenWeights.put(weights, block + ".post_attention_layernorm.weight", 0);
      BrokenWeights.put(weights, block + ".post_feedforward_layernorm.weight", 0);
    }
    BrokenWeights.put(weights, "model.norm.weight", 1e25f);
    BrokenWeights.change(weights, "lm_head.weight", values -> setColumn(values, width, 0));
  }

  private static void setColumn(float[] values, int width, float value) {
    for (int i = DIMENSION; i < values.length; i += width) {
      values[i] = value;
    }
  }

  private RecordedEvents run(StageKind kind, String parameters, String output, Resume... resume)
      throws Exception {
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(kind, parameters, output, resume.length == 0 ? null : resume[0]), events);
    return events;
  }

  @Test
  void theGuardLeavesSuchStepsOutAndNoOthers() throws Exception {
    RecordedEvents events = run(StageKind.MIDTRAIN, GUARDED, "a");

    List<Integer> infinite =
        events.metrics.entrySet().stream()
            .filter(point -> !point.getValue().containsKey("gradientNorm"))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(infinite).hasSizeBetween(3, 20);
    assertThat(
            IntStream.rangeClosed(1, 40)
                .filter(step -> events.metric(step, "skippedSteps") > 0)
                .boxed())
        .isEqualTo(infinite);
    assertThat(events.metrics.values())
        .allSatisfy(values -> assertThat(values.values()).allMatch(Double::isFinite));
    assertThat(events.lines)
        .filteredOn(line -> line.startsWith("warning"))
        .hasSameSizeAs(infinite)
        .allMatch(
            line ->
                line.matches("warning: Step \\d+ is skipped: its gradient norm is infinite, .*"));

    var state = new CheckpointFolder(events.checkpointAt(40)).state();
    GuardState guard = GuardState.of(state.path(GuardState.KEY));
    assertThat(guard.gradientNorms()).hasSize(8).allMatch(Double::isFinite);
    assertThat(guard.skipped()).isEqualTo(infinite.size());
    assertThat(state.path("optimizerSteps").asInt()).isEqualTo(1 + 40 - infinite.size());
  }

  @Test
  void aStageResumedAfterSuchStepsEndsWithTheSameBytes() throws Exception {
    for (String parameters : List.of(GUARDED, ToyFlow.inBf16(GUARDED))) {
      RecordedEvents whole = run(StageKind.MIDTRAIN, parameters, "whole");
      for (int step : List.of(6, 18, 30)) {
        Resume resume = new Resume(whole.checkpointAt(step), step);
        RecordedEvents rest = run(StageKind.MIDTRAIN, parameters, "after-" + step, resume);
        WrittenFolders.assertEqualBytes(rest.checkpointAt(40), whole.checkpointAt(40));
      }
    }
  }

  /** Nothing but such documents, and so no step from which it could learn. */
  @Test
  void aWindowOfNothingElseEndsTheStage() {
    String counting = GUARDED.replace("\"counting\": 0.2, \"words\": 0.8", "\"counting\": 1");
    assertThatThrownBy(() -> run(StageKind.MIDTRAIN, counting, "a"))
        .isInstanceOf(StageFailure.class)
        .hasMessageMatching(
            "Stage midtrain lost its footing: gradientNorm is Infinity at step 8; .*");
  }

  @Test
  void withoutAGuardTheStageEnds() {
    assertThatThrownBy(() -> run(StageKind.MIDTRAIN, MIDTRAIN, "a"))
        .isInstanceOf(StageFailure.class)
        .hasMessageMatching(
            "Stage midtrain lost its footing: gradientNorm is Infinity at step \\d+; .*'counting\\d+'.*");
  }
}
