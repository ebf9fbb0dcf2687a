package dev.modelflow.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.EvaluationView;
import dev.modelflow.read.StageView;
import dev.modelflow.web.SampleStages;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTableTest {
  @Test
  void comparesEachStageWithTheOneBefore() {
    EvaluationTable table =
        EvaluationTable.of(
            List.of(
                maths("pretrain", 0.10, 0.02),
                maths("midtrain", 0.40, 0.02),
                maths("sft", 0.42, 0.02),
                maths("dpo", 0.20, 0.02)),
            List.of(
                stage("pretrain"),
                stage("midtrain", "pretrain"),
                stage("sft", "long-context"),
                stage("long-context", "midtrain"),
                stage("dpo", "pretrain", "sft")));
    assertThat(table.rows())
        .extracting(EvaluationTable.Row::stage)
        .containsExactly("pretrain", "midtrain", "sft", "dpo");
    assertThat(table.rows().stream().flatMap(row -> row.cells().stream()))
        .extracting(cell -> cell == null ? "" : cell.change())
        .containsExactly(null, "better", "same", "worse");
  }

  @Test
  void lessIsBetterWhereTheMeasureSaysSo() {
    EvaluationView before = bits("pretrain", 2.9);
    EvaluationView after = bits("midtrain", 2.2);
    EvaluationTable table =
        EvaluationTable.of(
            List.of(before, after), List.of(stage("pretrain"), stage("midtrain", "pretrain")));
    assertThat(table.rows().getLast().cells())
        .singleElement()
        .extracting(cell -> cell == null ? "" : cell.change())
        .isEqualTo("better");
  }

  @Test
  void stagesBesideEachOtherAreComparedWithTheOneThatAllBeganFrom() {
    EvaluationTable table =
        EvaluationTable.of(
            List.of(
                maths("pretrain", 0.20, 0.01),
                maths("try-web-1", 0.60, 0.01),
                maths("try-sums-1", 0.40, 0.01)),
            List.of(
                stage("pretrain"),
                stage("try-web-1", "pretrain"),
                stage("try-sums-1", "pretrain")));
    assertThat(table.rows().stream().flatMap(row -> row.cells().stream()))
        .extracting(cell -> cell == null ? "" : cell.change())
        .containsExactly(null, "better", "better");
  }

  private static StageView stage(String name, String... after) {
    return SampleStages.stage(name, "midtrain", StageStatus.SUCCEEDED, after);
  }

  private static EvaluationView maths(String of, double value, double error) {
    return new EvaluationView(
        "evaluate-" + of, of, "c", "maths", "accuracy", value, error, 400, true);
  }

  private static EvaluationView bits(String of, double value) {
    return new EvaluationView("evaluate-" + of, of, "c", "text", "bits", value, 0.01, 9, false);
  }
}
