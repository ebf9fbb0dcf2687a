package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.DensePass;
import dev.modelflow.engine.dense.KnownSlopes;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** The pass of models without experts on the processor. */
record PassByHand(DensePass pass) implements Pass {
  @Override
  public void begin() {
    pass.begin();
  }

  @Override
  public void end() {
    pass.end();
  }

  @Override
  public void add(MicroBatch batch, ExpertLoad load) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        DensePass.Way way = way(batch);
        way.backward(slopes(batch, way), batch.zWeight());
      }
    }
  }

  @Override
  public void forward(MicroBatch batch) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        slopes(batch, way(batch));
      }
    }
  }

  private DensePass.Way way(MicroBatch batch) {
    return pass.forward(batch.rows(), batch.temperature(), known(batch));
  }

  private static float[] slopes(MicroBatch batch, DensePass.Way way) {
    return batch.slopes(way.logProbs(), way::squaredLogDenominators);
  }

  private static @Nullable KnownSlopes known(MicroBatch batch) {
    OptionalDouble slope = batch.objective().slope();
    return slope.isPresent() ? new KnownSlopes((float) slope.getAsDouble(), batch.zWeight()) : null;
  }

  @Override
  public void close() {
    pass.close();
  }
}
