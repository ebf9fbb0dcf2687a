package dev.modelflow.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows of 512 tokens, of which a processor's lane reads two at once. */
class ScorerTest {
  private static final int LENGTH = 512;
  private static final int ROWS = 64;
  private static final int VOCABULARY = 1_000;

  /** How often logits must have been seen, and in how many rounds at most. */
  private static final int SIGHTS = 20;

  private static final int MOST_ROUNDS = 200;

  private static final ModelConfig MODEL =
      new ModelConfig(1, 16, 2, 24, VOCABULARY, LENGTH, 0, 10_000, null);

  private final Lanes lanes = new Lanes(2);
  private final Decoder decoder = new Decoder(MODEL, LENGTH);
  private final Parameters weights =
      Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
  private final Scorer scorer = new Scorer(decoder, weights, lanes);

  @AfterEach
  void free() {
    decoder.close();
    weights.close();
    lanes.close();
  }

  private static PackedRows rows(int count) {
    Random random = new Random(4);
    List<List<Sequence>> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      int length = LENGTH - 7 * (row % 5);
      int[] tokens = random.ints(length, 0, VOCABULARY).toArray();
      rows.add(List.of(new Sequence(tokens, random.ints(length, 0, VOCABULARY).toArray())));
    }
    return PackedRows.of(rows, LENGTH);
  }

  @Test
  void rowsInPartsScoreAsEachAlone() {
    PackedRows all = rows(5);
    List<float[]> scores = scorer.logProbs(List.of(all.slice(0, 3), all.slice(3, 5)));
    List<Float> alone = new ArrayList<>();
    for (int row = 0; row < 5; row++) {
      for (float score : scorer.logProbs(List.of(all.slice(row, row + 1))).getFirst()) {
        alone.add(score);
      }
    }
    assertThat(scores).hasSize(2);
    int at = 0;
    for (float[] part : scores) {
      for (float score : part) {
        assertThat(score).isCloseTo(alone.get(at++), within(1e-5f));
      }
    }
    assertThat(at).isEqualTo(alone.size());
  }

  @Test
  void onlySomeRowsAreInMemoryAtOnce() {
    List<PackedRows> all = List.of(rows(ROWS));
    long logits = (long) ROWS * LENGTH * VOCABULARY * Float.BYTES;
    // Once before, so that what libraries keep for themselves is not counted.
    scorer.logProbs(all);
    try (Watch watch = new Watch(logits / ROWS)) {
      for (int round = 0; round < MOST_ROUNDS && watch.sights.get() < SIGHTS; round++) {
        scorer.logProbs(all);
      }
      assertThat(watch.sights.get())
          .as("times that logits were seen")
          .isGreaterThanOrEqualTo(SIGHTS);
      assertThat(watch.most.get()).isLessThan(logits / 2);
    }
  }

  /**
   * Looks at memory on a thread of its own, which gets little time beside lanes on some machines.
   */
  private static final class Watch implements AutoCloseable {
    private final long before = NativeMemory.inUse();
    private final long least;
    private final Thread thread;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicLong most = new AtomicLong();
    private final AtomicInteger sights = new AtomicInteger();

    /** Counts how often at least so many bytes more than now are seen. */
    Watch(long least) {
      this.least = least;
      thread = Thread.ofPlatform().start(this::look);
    }

    private void look() {
      while (!done.get()) {
        long more = NativeMemory.inUse() - before;
        most.accumulateAndGet(more, Math::max);
        if (more >= least) {
          sights.incrementAndGet();
        }
      }
    }

    @Override
    public void close() {
      done.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
