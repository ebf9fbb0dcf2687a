package dev.modelflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.LedgerFixture;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private static final FlowPlan SOUP =
      new FlowPlan(
          "soup",
          "",
          Map.of(),
          Map.of(),
          List.of(
              stage("pretrain", StageKind.PRETRAIN, Map.of()),
              stage("midtrain-1", StageKind.MIDTRAIN, Map.of("checkpoint", "pretrain")),
              stage("midtrain-2", StageKind.MIDTRAIN, Map.of("checkpoint", "pretrain")),
              stage(
                  "midtrain",
                  StageKind.MERGE,
                  Map.of("checkpoint.1", "midtrain-1", "checkpoint.2", "midtrain-2")),
              stage("dpo", StageKind.DPO, Map.of("checkpoint", "midtrain", "weak", "midtrain-1"))));

  private static StagePlan stage(String name, StageKind kind, Map<String, String> from) {
    Map<String, StageInput> inputs = new TreeMap<>();
    from.forEach((role, stage) -> inputs.put(role, new StageInput(stage, "checkpoint", null)));
    return LedgerFixture.stage(name, kind, "gpu", Map.of(), inputs);
  }

  @Test
  void allIngredientsOfAMergeMadeTheCheckpointsThatComeAfterIt() {
    assertThat(Changes.trainedBefore(SOUP, "dpo"))
        .containsExactlyInAnyOrder("midtrain", "midtrain-1", "midtrain-2", "pretrain");
    assertThat(Changes.trainedBefore(SOUP, "midtrain-1")).containsExactly("pretrain");
    assertThat(Changes.trainedBefore(SOUP, "pretrain")).isEmpty();
  }
}
