package dev.modelflow.engine.ranks;

import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

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
  public float[] collect(Parameters parts, Entry entry) {
    return parts.read(entry);
  }

  @Override
  public void close() {}
}
