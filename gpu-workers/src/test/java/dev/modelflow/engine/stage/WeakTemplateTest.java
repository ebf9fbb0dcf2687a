package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeakTemplateTest {
  private static final String TEMPLATE = "chat_template.jinja";

  private static final String DPO =
      """
      {"pairs": 4, "heldOutPairs": 0, "batchPairs": 2, "steps": 2, "maxNewTokens": 4,
       "learningRate": 0.001}
      """;

  private static final String TURNS =
      "{% for m in messages %}<|im_start|>{{ m.role }}\r\n{{ m.content }}<|im_end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  @TempDir private Path root;

  /** Else every answer would be wrong, and look like a pair that one can learn from. */
  @Test
  void aWeakCheckpointWithAnotherTemplateMakesNoPairs() throws Exception {
    PublishedModel published = PublishedModel.in(root);
    ToyFlow flow = published.flow;
    flow.inputs.put("weak", published.imported(published.pinned()).path());
    published.write(TEMPLATE, TURNS);
    flow.inputs.put("checkpoint", published.imported(published.pinned(TEMPLATE)).path());
    assertThatThrownBy(
            () -> Stages.run(flow.spec(StageKind.DPO, DPO, "dpo", null), new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "The weak checkpoint writes conversations otherwise than the checkpoint that learns, by chat_template.jinja: use two with the same chat template");
  }
}
