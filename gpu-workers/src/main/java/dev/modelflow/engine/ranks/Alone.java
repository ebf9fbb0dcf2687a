package dev.modelflow.engine.ranks;

import dev.modelflow.engine.model.Parameters;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** One process that does everything itself. */
final class Alone implements Ranks {
  static final Alone INSTANCE = new Alone();

  private Alone() {}

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public double[] gather(double... own) {
    return own;
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    return List.of(own);
  }

  @Override
  public void reduce(Tensor flat) {}

  @Override
  public void share(Tensor flat) {}

  @Override
  public void collect(Parameters part, @Nullable Parameters whole) {
    if (whole != null) {
      try (PointerScope _ = new PointerScope()) {
        whole.flat().copy_(part.flat());
      }
    }
  }

  @Override
  public void close() {}
}
