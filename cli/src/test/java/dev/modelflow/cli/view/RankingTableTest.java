package dev.modelflow.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.Ranking.Candidate;
import dev.modelflow.domain.Ranking.Change;
import dev.modelflow.domain.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTableTest {
  private static final Change SUMS =
      new Change("sums", "accuracy", true, 0.25, 0.5, 0.25, 0.03, 0.0625, Verdict.BETTER);
  private static final Change TEXT =
      new Change("text", "bitsPerByte", false, 2, 1.875, -0.125, 0.1, null, Verdict.UNDECIDED);

  @Test
  void whatRanksComesFirstAndATaskThatRanksAloneStandsThereOnce() {
    Ranking ranking =
        new Ranking(
            List.of("sums"),
            2,
            0.95,
            List.of(
                new Candidate("maths", SUMS, List.of(SUMS, TEXT)),
                new Candidate("code", TEXT, List.of(TEXT))));
    assertThat(RankingTable.of(ranking).stream().map(String::strip))
        .containsExactly(
            "candidate  task  metric          web   value   change  ± noise",
            "1  maths      sums  accuracy     0.2500  0.5000  +0.2500   0.0625  better",
            "text  bitsPerByte  2.0000  1.8750  -0.1250  unknown  undecided",
            "2  code       text  bitsPerByte  2.0000  1.8750  -0.1250  unknown  undecided");
  }
}
