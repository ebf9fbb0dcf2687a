package dev.modelflow.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class TensorsTest {
  @BeforeContainer
  static void start() {
    LibTorch.start();
  }

  @Property(tries = 50)
  void arraysComeBackAsTheyWent(
      @ForAll float[] floats,
      @ForAll long[] longs,
      @ForAll double[] doubles,
      @ForAll byte[] bytes) {
    try (PointerScope _ = new PointerScope()) {
      assertThat(Tensors.toFloats(Tensors.floats(floats, floats.length))).isEqualTo(floats);
      assertThat(Tensors.toLongs(Tensors.longs(longs, longs.length))).isEqualTo(longs);
      assertThat(Tensors.toDoubles(Tensors.doubles(doubles))).isEqualTo(doubles);
      assertThat(Tensors.toBytes(Tensors.bytes(bytes))).isEqualTo(bytes);
    }
  }

  @Property(tries = 50)
  void memoryIsReadWhereItLiesPieceByPiece(
      @ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 40) int most) {
    try (PointerScope _ = new PointerScope()) {
      List<ByteBuffer> pieces = Tensors.memory(Tensors.bytes(bytes), most);
      assertThat(pieces)
          .allMatch(ByteBuffer::isReadOnly)
          .allMatch(piece -> piece.remaining() <= most)
          .hasSize((bytes.length + most - 1) / most);
      ByteBuffer joined = ByteBuffer.allocate(bytes.length);
      pieces.forEach(joined::put);
      assertThat(joined.array()).isEqualTo(bytes);
    }
  }

  @Test
  void aPartOfAnArrayOverwritesAPartOfATensor() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Tensor flat = Tensors.zeros(5);
      Tensors.put(new float[] {1, 2, 3, 4}, 1, flat.narrow(0, 2, 2));
      Tensors.put(new float[0], 0, flat.narrow(0, 1, 0));
      assertThat(Tensors.toFloats(flat)).containsExactly(0, 0, 2, 3, 0);
    }
  }

  @Test
  void columnsAreReadInRowMajorOrder() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Tensor rows = Tensors.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertThat(Tensors.toFloats(rows.t())).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void onTheProcessorOthersWriteInPlace() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Tensor place = Tensors.hostZeros(3);
      assertThat(Tensors.landing(place)).isSameAs(place);
    }
  }
}
