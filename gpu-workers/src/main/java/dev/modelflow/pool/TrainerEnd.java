package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a trainer's process ended.
 *
 * @param rank its number among those that trained together
 * @param status it exited with
 * @param killed whether it did not end of itself
 * @param said why it failed, when it said so
 * @param tail the last lines of its standard error
 */
record TrainerEnd(
    int rank, int status, boolean killed, TrainerEvent.@Nullable Failed said, String tail) {
  /** SIGABRT, which c10d ends a process with whose NCCL group lost one of its own. */
  private static final int ABORTED = 128 + 6;

  private static final String NCCL = "ProcessGroupNCCL";

  /** The end that made the others end: of a rank that failed of itself, and best says why. */
  static TrainerEnd decisive(List<TrainerEnd> ends) {
    return ends.stream().min(Comparator.comparingInt(TrainerEnd::consequence)).orElseThrow();
  }

  private int consequence() {
    if (said != null) {
      return said.failureClass() == FailureClass.PLATFORM ? 1 : 0;
    }
    if (status == 0 || status == 3) {
      return 5;
    }
    return killed ? 4 : hasLostOthers() ? 3 : 2;
  }

  private boolean hasLostOthers() {
    return status == TrainerRanks.LOST_OTHERS || (status == ABORTED && tail.contains(NCCL));
  }

  /** The failure that it spoke of. */
  Optional<TrainerEvent.Failed> failure() {
    return Optional.ofNullable(said);
  }

  /** What happened, in words, for a trainer that said nothing. */
  String describe(int ranks) {
    String who = ranks == 1 ? "The trainer" : "Rank %d of %d".formatted(rank, ranks);
    return "%s ended with status %d and without saying why%s".formatted(who, status, lastWords());
  }

  private String lastWords() {
    return tail.isEmpty() ? "" : "; its last words:\n" + tail;
  }
}
