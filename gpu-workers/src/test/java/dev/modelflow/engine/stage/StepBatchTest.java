package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepBatchTest {
  private static StepBatch documents(int count) {
    return StepBatch.of("document", IntStream.range(0, count).mapToObj(i -> "d" + i).toList());
  }

  @Test
  void aSentenceNamesTheFirstAndTheLogAll() {
    StepBatch batch = documents(200);
    assertThat(batch.words())
        .isEqualTo(
            "document 'd0', document 'd1', document 'd2', document 'd3', document 'd4' and 195 more, see the attempt's log");
    List<String> lines = batch.lines(7);
    assertThat(lines).hasSizeBetween(2, 10).allMatch(line -> line.startsWith("Step 7 read "));
    assertThat(String.join(", ", lines).replace("Step 7 read ", ""))
        .isEqualTo(String.join(", ", batch.documents()));
  }

  @Test
  void beyondAHundredLinesTheLogSaysHowManyThereAre() {
    List<String> lines = documents(10_000).lines(7);
    assertThat(lines).hasSize(101);
    long named = lines.subList(0, 100).stream().mapToLong(StepBatchTest::count).sum();
    assertThat(lines.getLast()).isEqualTo("Step 7 read %d more".formatted(10_000 - named));
  }

  private static long count(String line) {
    return line.split(", ").length;
  }
}
