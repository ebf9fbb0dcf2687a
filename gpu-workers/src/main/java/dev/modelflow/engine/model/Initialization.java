package dev.modelflow.engine.model;

import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Range;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * How weights start. With norms on the outputs of attention and MLP, embeddings of a small standard
 * deviation drown beside outputs of norm 1; small models learn much sooner with large embeddings
 * and small output norms.
 *
 * @param embeddingDeviation standard deviation of the embeddings, cut at three of it
 * @param linearDeviation standard deviation of every other matrix, likewise
 * @param outputNorm start of the norms on the outputs of attention and MLP; other norms start at 1
 */
public record Initialization(double embeddingDeviation, double linearDeviation, double outputNorm) {
  private static final double CUT = 3;

  /**
   * Puts the starting values of a piece of one weight at the beginning of {@code into}; each is a
   * function of seed, name and position alone.
   */
  public void fill(Entry weight, long seed, Range piece, float[] into) {
    fill(weight, seed, piece, into, 0);
  }

  /** The same, with the piece's first value at place {@code at}. */
  private void fill(Entry weight, long seed, Range piece, float[] into, int at) {
    CounterRandom random = CounterRandom.of(seed, weight.name());
    boolean matrix = weight.shape().size() == 2;
    double deviation =
        weight.name().equals(ParameterLayout.EMBEDDING) ? embeddingDeviation : linearDeviation;
    for (long i = piece.from(); i < piece.to(); i++) {
      into[at + (int) (i - piece.from())] =
          (float) (matrix ? deviation * cutNormal(random, i) : norm(weight.name()));
    }
  }

  /** The same, drawn side by side by all threads of a pool, of which no bit hangs. */
  public void fill(Entry weight, long seed, Range piece, float[] into, ForkJoinPool pool) {
    int parts = pool.getParallelism();
    pool.submit(
            () ->
                IntStream.range(0, parts)
                    .parallel()
                    .mapToObj(index -> piece.part(index, parts))
                    .forEach(
                        part -> fill(weight, seed, part, into, (int) (part.from() - piece.from()))))
        .join();
  }

  private double norm(String name) {
    return name.contains("post_") ? outputNorm : 1;
  }

  /** Draws again, from a stream of the value's own, while the value lies beyond the cut. */
  private static double cutNormal(CounterRandom random, long index) {
    double value = random.normal(index);
    for (long again = 0; Math.abs(value) > CUT; again++) {
      value = random.at(index).normal(again);
    }
    return value;
  }
}
