package dev.modelflow.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FaultKindTest {
  @Test
  void kindsAreWrittenAsWords() {
    assertThat(FaultKind.parse("kill, full-disk"))
        .containsExactlyInAnyOrder(FaultKind.KILL, FaultKind.FULL_DISK);
    assertThat(FaultKind.parse("")).hasSize(FaultKind.values().length);
    assertThatThrownBy(() -> FaultKind.parse("flood"))
        .hasMessageStartingWith("There is no kind of fault 'flood'; there are: kill, kill-several");
  }
}
