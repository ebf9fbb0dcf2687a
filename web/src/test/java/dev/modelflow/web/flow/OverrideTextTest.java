package dev.modelflow.web.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverrideTextTest {
  @Test
  void readsOneOverrideALine() {
    assertThat(OverrideText.parse("# faster\n\nmidtrain.steps: 3\n sft.rows = 8 \r\n"))
        .containsEntry("midtrain.steps", "3")
        .containsEntry("sft.rows", "8")
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps", "a:", ":3", "ok: 1\nbroken"})
  void namesALineThatIsNone(String text) {
    assertThatThrownBy(() -> OverrideText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Line ");
  }

  @Property
  void eitherReadsOrRefusesAnyText(@ForAll String text) {
    try {
      assertThat(OverrideText.parse(text)).doesNotContainKey("");
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("stage.key: value");
    }
  }
}
