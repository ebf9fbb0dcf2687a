package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
  private static Sequence sequence(int length) {
    return new Sequence(new int[length], new int[length]);
  }

  private static List<Integer> parts(int rows, int length, int tokens) {
    PackedRows all = PackedRows.of(Collections.nCopies(rows, List.of(sequence(length))), length);
    return all.parts(tokens).stream().map(PackedRows::rows).toList();
  }

  @Test
  void partsHoldAsManyTokensAsTheyMayButAtLeastARow() {
    assertThat(parts(10, 16, 64)).containsExactly(4, 4, 2);
    assertThat(parts(10, 16, 79)).containsExactly(4, 4, 2);
    assertThat(parts(3, 16, 48)).containsExactly(3);
    assertThat(parts(3, 16, 15)).containsExactly(1, 1, 1);
  }

  @Test
  void whatFitsIsLeftWhole() {
    PackedRows rows = PackedRows.of(List.of(List.of(sequence(16))), 16);
    assertThat(rows.parts(16)).singleElement().isSameAs(rows);
  }

  /** Two short answers share a row, two long ones do not. */
  @Test
  void answersFitByTheRowsTheyMake() {
    List<Sequence> answers = List.of(sequence(8), sequence(8), sequence(12), sequence(12));
    assertThat(PackedAnswers.fit(answers, 4, 16, 48)).isTrue();
    assertThat(PackedAnswers.fit(answers, 4, 16, 47)).isFalse();
    assertThat(PackedAnswers.fit(answers, 2, 16, 32)).isTrue();
    assertThat(PackedAnswers.fit(answers, 2, 16, 31)).isFalse();
    assertThat(PackedAnswers.fit(answers, 1, 16, 1)).isTrue();
    assertThat(PackedAnswers.fit(answers.subList(0, 2), 2, 16, 1)).isTrue();
  }
}
