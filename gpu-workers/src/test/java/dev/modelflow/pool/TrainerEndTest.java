package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FailureClass;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainerEndTest {
  private static TrainerEnd end(int rank, int status, boolean killed, @Nullable FailureClass said) {
    TrainerEvent.Failed failure =
        said == null ? null : new TrainerEvent.Failed(said, "rank " + rank + " failed");
    return new TrainerEnd(rank, status, killed, failure, "");
  }

  private static int decisive(TrainerEnd... ends) {
    return TrainerEnd.decisive(List.of(ends)).rank();
  }

  @Test
  void aRankThatCrashedIsToBlameAndNotThoseThatLostItOrWereKilled() {
    assertThat(decisive(end(0, 5, false, null), end(1, 137, true, null), end(2, 134, false, null)))
        .isEqualTo(2);
    assertThat(decisive(end(0, 137, true, null), end(1, 75, false, null))).isEqualTo(1);
  }

  @Test
  void aRankThatNcclEndedHasLostAnotherOne() {
    String words =
        """
        frame #4: c10d::ProcessGroupNCCL::Watchdog::run() + 0x15b (0x7eff524b92eb in libtorch_cuda.so)
        frame #5: <unknown function> + 0xecdb4 (0x7f00448ecdb4 in /lib/x86_64-linux-gnu/libstdc++.so.6)""";
    TrainerEnd lost = new TrainerEnd(0, 134, false, null, words);
    assertThat(decisive(lost, end(1, 137, false, null))).isEqualTo(1);
  }

  @Test
  void aRankThatSaysWhyItFailedIsBelieved() {
    assertThat(decisive(end(0, 5, false, null), end(1, 1, false, FailureClass.PLATFORM)))
        .isEqualTo(1);
    assertThat(
            decisive(end(0, 1, false, FailureClass.PLATFORM), end(1, 1, false, FailureClass.DATA)))
        .isEqualTo(1);
  }

  @Test
  void ofRanksThatEndedInOrderTheLeadingOneSpeaks() {
    assertThat(decisive(end(0, 0, false, null), end(1, 0, false, null))).isZero();
    assertThat(decisive(end(0, 3, false, null), end(1, 3, false, null))).isZero();
  }

  @Test
  void whatHappenedIsSaidWithTheRankWhereThereAreSeveral() {
    TrainerEnd end = new TrainerEnd(1, 137, false, null, "Out of memory, or so");
    assertThat(end.describe(2))
        .isEqualTo(
            "Rank 1 of 2 ended with status 137 and without saying why; its last words:\n"
                + "Out of memory, or so");
    assertThat(end(0, 1, false, null).describe(1))
        .isEqualTo("The trainer ended with status 1 and without saying why");
  }
}
