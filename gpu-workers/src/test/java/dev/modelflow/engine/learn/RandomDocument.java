package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import java.util.Random;

/** Tokens below 33, whose targets are as random; one target is not asked for. */
final class RandomDocument {
  private RandomDocument() {}

  static Sequence of(Random random, int length) {
    int[] targets = random.ints(length, 0, 33).toArray();
    targets[length / 2] = PackedRows.NO_TARGET;
    return new Sequence(random.ints(length, 0, 33).toArray(), targets);
  }
}
