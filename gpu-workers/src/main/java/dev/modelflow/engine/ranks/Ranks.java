package dev.modelflow.engine.ranks;

import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Range;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The processes that make the steps of a training stage together. Each has all weights, takes its
 * share of a step's rows, and owns one range of every flat buffer: there it adds up gradients and
 * keeps the optimizer's moments. All ranks call the same methods in the same order, and a call
 * returns when the others' parts are there; it throws {@link RankLostException} when they do not
 * come. What is added is added in the order of ranks, so equal work gives equal bits.
 */
public sealed interface Ranks extends AutoCloseable permits Alone, ProcessRanks {
  /** This process by itself. */
  static Ranks alone() {
    return Alone.INSTANCE;
  }

  /** Meets the other ranks, which run on this machine, and returns when all are there. */
  static Ranks meet(Rendezvous rendezvous) {
    return ProcessRanks.meet(rendezvous);
  }

  /** Number of this process, from 0. */
  int rank();

  /** How many processes there are. */
  int size();

  /** Whether this is the one that speaks and writes for all. */
  default boolean leads() {
    return rank() == 0;
  }

  /** The range of a flat buffer of {@code size} values that a rank owns. */
  default Range owned(int rank, long size) {
    return Range.of(size).part(rank, size());
  }

  /** The range of a flat buffer of {@code size} values that this rank owns. */
  default Range owned(long size) {
    return owned(rank(), size);
  }

  /** The numbers of all ranks, one rank's behind the other's; each gives as many. */
  double[] gather(double... own);

  /** The bytes of each rank, in their order; each gives as many as it likes. */
  List<byte[]> gather(byte[] own);

  /** For each of the numbers the sum over all ranks. */
  default double[] sum(double... own) {
    double[] all = gather(own);
    double[] sums = new double[own.length];
    for (int i = 0; i < all.length; i++) {
      sums[i % own.length] += all[i];
    }
    return sums;
  }

  /** Whether it is so on any rank. */
  default boolean any(boolean own) {
    return Arrays.stream(gather(own ? 1 : 0)).anyMatch(so -> so > 0);
  }

  /** Leaves in this rank's range of {@code flat} the sum over all ranks; elsewhere, anything. */
  void reduce(Tensor flat);

  /** Replaces every range of {@code flat} by what its owner has there. */
  void share(Tensor flat);

  /**
   * Brings together values of which each rank holds what lies in its range.
   *
   * @param part the values in this rank's range
   * @param whole where all of them go on the leading rank; null on the others
   */
  void collect(Parameters part, @Nullable Parameters whole);

  /** Waits for all, so that none goes while another still needs it. */
  default void await() {
    gather(0);
  }

  /** Leaves the group without waiting. */
  @Override
  void close();
}
