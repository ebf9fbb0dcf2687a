package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StagePrecisionTest {
  @Test
  void isWhatTheStageAsksForAndElseWhatItsTrainerHas() {
    assertThat(StagePrecision.of(Map.of("steps", 2))).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("precision", "float32"))).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("precision", "bf16"))).isEqualTo("bf16");
    assertThat(StagePrecision.of(Map.of("trainer", "olmo-core"))).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("trainer", "open-instruct"))).isEqualTo("bf16");
  }
}
