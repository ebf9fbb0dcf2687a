package dev.modelflow.bench;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;

/**
 * A stage's model beside the stage; close it to free its memory.
 *
 * @param decoder of the recipe's context
 * @param weights at their start
 */
record BenchModel(Decoder decoder, Parameters weights) implements AutoCloseable {
  private static final Initialization START = new Initialization(0.5, 0.06, 0.3);

  static BenchModel of(BenchStage stage) {
    ModelConfig config = stage.spec().model();
    return new BenchModel(
        new Decoder(config, config.context(), stage.precision()),
        Parameters.initialized(new ParameterLayout(config), START, 1));
  }

  @Override
  public void close() {
    decoder.close();
    weights.close();
  }
}
