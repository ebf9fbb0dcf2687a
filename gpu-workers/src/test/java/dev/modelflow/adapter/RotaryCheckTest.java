package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.ToyFlow;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RotaryCheckTest {
  private static final ModelConfig SMALL_HEADS =
      new ModelConfig(1, 16, 4, 8, 260, 1024, 8, 10_000, null).extended(2);

  private static final String DPO =
      """
      {"steps": 8, "pairs": 12, "heldOutPairs": 4, "batchPairs": 4, "maxNewTokens": 12,
       "learningRate": 0.001, "beta2": 0.999, "checkpointEvery": 3, "metricsEvery": 2}
      """;

  @TempDir private Path root;

  /** Its model is OLMo-core's, and an imported checkpoint's shape stands in no recipe's stages. */
  @Test
  void aModelThatPreferenceTrainingWouldStretchOtherwiseIsRefused() throws Exception {
    ToyFlow flow = new ToyFlow(root);
    CheckpointFolder checkpoint = new CheckpointFolder(root.resolve("checkpoint"));
    try (Parameters weights =
        Parameters.initialized(
            new ParameterLayout(SMALL_HEADS), new Initialization(0.5, 0.3, 0.7), 3)) {
      checkpoint.write(
          SMALL_HEADS,
          weights,
          null,
          Objects.requireNonNull(flow.inputs.get("tokenizer")).resolve("tokenizer.json"),
          JsonMapper.shared().createObjectNode());
    }
    flow.inputs.put("checkpoint", checkpoint.path());
    flow.inputs.put("weak", checkpoint.path());
    StageSpec spec = flow.spec(StageKind.DPO, DPO, "dpo", null);
    OpenInstruct tool = StandIn.checkout(root.resolve("checkout"));

    assertThatThrownBy(
            () ->
                OpenInstructStage.run(
                    spec, new OutsideDevice("cpu", 1, 1), tool, root, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessageStartingWith(
            "Stage dpo: trainer 'open-instruct' stretches a context of 1024 with heads of size 4 ");
  }
}
