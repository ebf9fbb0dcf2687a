package dev.modelflow.engine.ranks;

import java.nio.file.Path;

/**
 * Where the ranks of an attempt meet.
 *
 * @param rank number of this process, from 0
 * @param size how many processes there are
 * @param store file that all of them can write, of this attempt alone; it need not be there
 */
public record Rendezvous(int rank, int size, Path store) {
  /** Refuses a rank that is none of the group's. */
  public Rendezvous {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "Rank %d of %d does not exist: ranks count from 0".formatted(rank, size));
    }
  }
}
