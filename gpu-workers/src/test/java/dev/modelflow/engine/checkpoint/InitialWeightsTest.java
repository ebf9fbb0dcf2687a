package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.weights.TensorFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialWeightsTest {
  /** Its embedding and its head are longer than a piece. */
  private static final ModelConfig MODEL = new ModelConfig(1, 4, 1, 6, 300_001, 8, 0, 10_000, null);

  private static final Initialization START = new Initialization(0.5, 0.02, 0.3);
  private static final long SEED = 3;

  @TempDir private Path folder;

  private Path written(int threads, SignOfLife sign) throws Exception {
    Path into = folder.resolve("by-" + threads);
    new InitialWeights(MODEL, START, SEED).write(into, threads, sign);
    return into.resolve("model.safetensors");
  }

  @Test
  void howManyThreadsDrawChangesNoBit() throws Exception {
    Map<String, float[]> drawn = TensorFiles.read(written(3, SignOfLife.NONE));

    for (Entry weight : new ParameterLayout(MODEL).entries()) {
      float[] alone = new float[(int) weight.size()];
      START.fill(weight, SEED, Range.of(weight.size()), alone);
      assertThat(drawn.get(weight.name())).as(weight.name()).isEqualTo(alone);
    }
  }

  @Test
  void everyPieceIsASignOfLife() throws Exception {
    AtomicInteger signs = new AtomicInteger();
    written(2, signs::incrementAndGet);

    int pieces =
        new ParameterLayout(MODEL)
            .entries().stream().mapToInt(weight -> Pieces.of(weight.size()).size()).sum();
    assertThat(signs).hasValue(pieces);
  }
}
