package dev.modelflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchKeysTest {
  @Test
  void aStageHasThoseOfItsRunAlsoWhereTheEngineSaysNoTypes() {
    Map<String, Payload> run =
        Map.of(
            "ModelflowRun", withoutType("run-1"),
            "ModelflowProject", withoutType("default"),
            "ModelflowRecipe", withoutType("tiny"));
    assertThat(SearchKeys.stage(run, "pretrain").getUntypedValues())
        .isEqualTo(
            Map.of(
                key("ModelflowRun"), "run-1",
                key("ModelflowProject"), "default",
                key("ModelflowRecipe"), "tiny",
                key("ModelflowStage"), "pretrain"));
  }

  @Test
  void aStageHasNoneWhereItsRunHasNone() {
    assertThat(SearchKeys.stage(Map.of(), "pretrain")).isEqualTo(SearchAttributes.EMPTY);
  }

  private static SearchAttributeKey<String> key(String name) {
    return SearchAttributeKey.forKeyword(name);
  }

  private static Payload withoutType(String value) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .setData(ByteString.copyFromUtf8('"' + value + '"'))
        .build();
  }
}
