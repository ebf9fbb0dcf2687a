package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

class DecodeKernelTest {
  private static final int ROWS = 3;

  /** A cache of random numbers: what a kernel reads, and the same for a graph. */
  private record Cache(Tensor keys, Tensor values, CachedHeads memory) {
    static Cache random(int heads, int headSize, int places) {
      int stride = CachedHeads.stride(places);
      Tensor keys = torch.randn(ROWS, heads, headSize, stride);
      long count = (long) ROWS * heads * places * headSize;
      Tensor values = torch.randn(count + CachedHeads.vector());
      return new Cache(
          keys.narrow(3, 0, places).transpose(2, 3),
          values.narrow(0, 0, count).view(ROWS, heads, places, headSize),
          new CachedHeads(
              keys.data_ptr().address(),
              values.data_ptr().address(),
              ROWS,
              heads,
              headSize,
              places));
    }
  }

  @Property(tries = 80)
  void aNewTokenSeesWhatAGraphShowsIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int keyValueHeads,
      @ForAll @IntRange(min = 1, max = 3) int sharing,
      @ForAll @IntRange(min = 1, max = 40) int headSize,
      @ForAll @IntRange(min = 1, max = 70) int places) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      int heads = keyValueHeads * sharing;
      Cache cache = Cache.random(keyValueHeads, headSize, places);
      Matrix query = Graphs.random(seed, ROWS, heads * headSize, Precision.FLOAT32);
      Matrix key = Graphs.random(seed + 1, ROWS, keyValueHeads * headSize, Precision.FLOAT32);
      Matrix value = Graphs.random(seed + 2, ROWS, keyValueHeads * headSize, Precision.FLOAT32);
      Random random = new Random(seed);
      int[] at = random.ints(ROWS, 0, places).toArray();
      int[] seen = new int[ROWS];
      for (int row = 0; row < ROWS; row++) {
        seen[row] = at[row] + 1 + random.nextInt(places - at[row]);
      }
      Matrix mixed = Matrix.empty(ROWS, heads * headSize, Precision.FLOAT32);
      new DecodeKernel(heads, keyValueHeads, headSize)
          .forward(query, key, value, cache.memory(), at, seen, mixed);

      for (int row = 0; row < ROWS; row++) {
        put(cache.keys(), row, at[row], key);
        put(cache.values(), row, at[row], value);
        Tensor expected =
            torch.scaled_dot_product_attention(
                query.tensor().narrow(0, row, 1).view(1, keyValueHeads, sharing, headSize),
                cache.keys().narrow(0, row, 1).narrow(2, 0, seen[row]),
                cache.values().narrow(0, row, 1).narrow(2, 0, seen[row]),
                new TensorOptional(),
                0,
                false,
                new DoubleOptional(),
                false);
        Matrix own =
            Matrix.of(
                mixed.tensor().narrow(0, row, 1).contiguous(),
                1,
                heads * headSize,
                Precision.FLOAT32);
        Graphs.assertClose(own, expected);
      }
    }
  }

  private static void put(Tensor cache, int row, int place, Matrix tokens) {
    Tensor to = cache.select(0, row).select(1, place);
    to.copy_(tokens.tensor().select(0, row).view(to.size(0), to.size(1)));
  }

  @Example
  void aPlaceBeyondTheCacheIsRefused() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      CachedHeads memory = Cache.random(1, 4, 5).memory();
      Matrix row = Graphs.random(1, 1, 4, Precision.FLOAT32);
      assertThatThrownBy(
              () ->
                  new DecodeKernel(1, 1, 4)
                      .forward(row, row, row, memory, new int[] {5}, new int[] {5}, row))
          .hasMessage("Place 5 is beyond 5");
    }
  }
}
