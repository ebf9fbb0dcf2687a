package dev.modelflow.engine.ranks;

/** Another rank is gone or does not answer, so this one cannot go on either. */
public final class RankLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RankLostException(int rank, int size, Throwable cause) {
    super(
        "Rank %d of %d lost the others: %s"
            .formatted(
                rank, size, String.valueOf(cause.getMessage()).lines().findFirst().orElse("")),
        cause);
  }
}
