package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.WorkerDevice;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StagePrecisionTest {
  private static final Device FASTER = Device.of(WorkerDevice.cpu(), 1, true);
  private static final Device SLOWER = Device.of(WorkerDevice.cpu(), 1, false);

  @Test
  void isWhatTheStageAsksForAndElseWhatItsTrainerHas() {
    assertThat(StagePrecision.of(Map.of("steps", 2), FASTER)).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("precision", "float32"), FASTER)).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("precision", "bf16"), SLOWER)).isEqualTo("bf16");
    assertThat(StagePrecision.of(Map.of("trainer", "olmo-core"), FASTER)).isEqualTo("float32");
    assertThat(StagePrecision.of(Map.of("trainer", "open-instruct"), SLOWER)).isEqualTo("bf16");
  }

  @Test
  void isTheFasterOneOfTheDeviceWhereTheStageLeavesItToIt() {
    Map<String, Object> parameters = Map.of("steps", 2, "precision", "auto");

    assertThat(StagePrecision.of(parameters, FASTER)).isEqualTo("bf16");
    assertThat(StagePrecision.of(parameters, SLOWER)).isEqualTo("float32");
    assertThat(StagePrecision.told(parameters, "bf16"))
        .isEqualTo(Map.of("steps", 2, "precision", "bf16"));
  }

  @Test
  void parametersWithoutOneAreToldAsTheyAre() {
    assertThat(StagePrecision.told(Map.of("steps", 2), "float32")).isEqualTo(Map.of("steps", 2));
  }
}
