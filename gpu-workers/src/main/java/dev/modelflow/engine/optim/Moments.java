package dev.modelflow.engine.optim;

import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;

/**
 * AdamW's memory of all weights' gradients, out of all ranks, in the processor's memory. Close it
 * to free it.
 *
 * @param first running mean of gradients
 * @param second running mean of squared gradients
 */
public record Moments(Parameters first, Parameters second) implements AutoCloseable {
  /** Zeros for every weight. */
  public Moments(ParameterLayout layout) {
    this(Parameters.onHost(layout), Parameters.onHost(layout));
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
