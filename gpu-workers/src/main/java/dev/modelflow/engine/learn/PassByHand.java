package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.DensePass;
import org.bytedeco.javacpp.PointerScope;

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
    if (batch.rows().targetCount() == 0) {
      return;
    }
    try (PointerScope _ = new PointerScope()) {
      DensePass.Way way = pass.forward(batch.rows(), batch.temperature());
      way.backward(batch.slopes(way.logProbs(), way::squaredLogDenominators), batch.zWeight());
    }
  }

  @Override
  public void close() {
    pass.close();
  }
}
