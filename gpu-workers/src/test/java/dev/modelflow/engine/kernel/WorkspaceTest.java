package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.NativeMemory;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  @Property(tries = 100)
  void whatIsTakenAtOnceNeverOverlapsAndEqualRoundsTakeTheSame(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 9) Integer> first,
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 9) Integer> second) {
    LibTorch.start();
    try (Workspace space = new Workspace()) {
      round(space, first);
      List<Matrix> others = round(space, second);
      assertThat(round(space, second)).isEqualTo(others);
      assertThat(new HashSet<>(others.stream().map(Matrix::address).toList()))
          .hasSameSizeAs(second);
    }
  }

  /** Takes matrices of so many rows, each filled with its number, and looks at all in the end. */
  private static List<Matrix> round(Workspace space, List<Integer> rows) {
    space.giveBack();
    List<Matrix> taken = new ArrayList<>();
    for (int count : rows) {
      Matrix matrix;
      // As a pass has it: what is taken outlives the scope it was taken in.
      try (PointerScope _ = new PointerScope()) {
        matrix = space.take(count, 3, count % 2 == 0 ? Precision.BF16 : Precision.FLOAT32);
      }
      float[] number = {taken.size(), taken.size(), taken.size()};
      for (int row = 0; row < count; row++) {
        Rows.write(number, matrix, row, 0, 3);
      }
      taken.add(matrix);
    }
    for (int i = 0; i < taken.size(); i++) {
      float[] read = new float[Vectors.padded(3)];
      for (int row = 0; row < taken.get(i).rows(); row++) {
        Rows.read(taken.get(i), row, 0, 3, read);
        assertThat(read).startsWith(i, i, i);
      }
    }
    return taken;
  }

  @Test
  void whatHasAnotherShapeIsFreedAndAllIsWhenItIsClosed() {
    LibTorch.start();
    long held = Long.MAX_VALUE;
    long left = Long.MAX_VALUE;
    // What else takes memory in some rounds is not ours; what is never freed takes it in all.
    for (int round = 0; round < 3; round++) {
      long before = NativeMemory.inUse();
      try (Workspace space = new Workspace()) {
        takeHundredShapes(space);
        held = Math.min(held, NativeMemory.inUse() - before);
      }
      left = Math.min(left, NativeMemory.inUse() - before);
    }
    assertThat(held).isBetween(30_000_000L, 50_000_000L);
    assertThat(left).isLessThan(1_000_000);
  }

  private static void takeHundredShapes(Workspace space) {
    for (int i = 0; i < 100; i++) {
      space.giveBack();
      space.take(10_000 + i, 1000, Precision.FLOAT32);
    }
  }
}
